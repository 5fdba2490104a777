"""What was asked for: every option as one validated value."""
