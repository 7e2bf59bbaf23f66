"""Prism, an independent validator, judges the same requests as our checks."""
