"""Tests of what the amnimo client has beside its generated half."""
