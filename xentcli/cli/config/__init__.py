"""Options from TOML files, and shown as such."""
