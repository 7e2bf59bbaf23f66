"""A cloud against its specification: planned, guarded, then called."""
