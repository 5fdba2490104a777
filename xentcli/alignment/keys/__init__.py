"""Keys that join predictions with labels: which row of LABELS has the key of a prediction."""
