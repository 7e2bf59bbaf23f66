"""``deviceclouds contract``: what is asked for, what is run, and what is shown of it."""
