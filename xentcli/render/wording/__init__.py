"""What reports say, put together without a layout: facts, figures, notes, which classes are listed."""
