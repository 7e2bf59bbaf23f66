"""What `nox -s demo` shows."""
