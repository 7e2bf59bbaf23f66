"""Tests of what the AITRIOS client has beside its generated half."""
