"""Recordings of runs: made, and checked again later."""
