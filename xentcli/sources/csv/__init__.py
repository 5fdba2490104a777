"""CSV, and other text with delimiters."""
