"""What each command does, whoever asks: the command line or Python."""
