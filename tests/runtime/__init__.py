"""Tests of what all clients share. No sockets, no sleeping: replies come from a function, time from a fake clock."""
