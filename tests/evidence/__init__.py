"""Tests whether the specs say what the documents and fact tables say, in words of our own."""
