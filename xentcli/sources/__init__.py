"""Files as batches of NumPy columns: nothing of Arrow leaves this folder."""
