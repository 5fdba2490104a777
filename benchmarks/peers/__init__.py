"""The same work as ordinary programs: Polars, DuckDB, pandas with scikit-learn, and Arrow that only reads."""
