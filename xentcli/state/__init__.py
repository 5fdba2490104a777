"""State is sums: everything reported is computed at the end from sums that can be added in any order."""
