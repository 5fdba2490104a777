"""Results as plain values, their names as metrics, and their data as JSON and frames."""
