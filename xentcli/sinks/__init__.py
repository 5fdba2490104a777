"""Output files: whole or not at all."""
