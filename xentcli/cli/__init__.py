"""The command line: words in, one validated value out; no arithmetic and no decisions."""
