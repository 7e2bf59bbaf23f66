"""A user's own tests against the sandbox."""
