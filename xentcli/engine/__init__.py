"""Where the work is done: here, on the threads of this machine."""
