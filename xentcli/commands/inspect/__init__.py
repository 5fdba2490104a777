"""What would be read and how it would be understood, from headers, footers and the first rows."""
