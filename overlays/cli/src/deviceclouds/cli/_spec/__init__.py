"""``deviceclouds spec``: the specifications in words."""
