"""Which column means what, and which class each label names: every matching rule is in this folder."""
