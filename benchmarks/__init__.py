"""How fast xent is, and how much memory it takes, beside what people would use instead. See CONTRIBUTING.md."""
