"""Releases: which version comes next, what is in a distribution, and whether one is fit to be released."""
