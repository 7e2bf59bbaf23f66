"""Sessions with both kinds of client."""

from tests.vendor_sessions import kind, opened, runner

__all__ = ["kind", "opened", "runner"]
