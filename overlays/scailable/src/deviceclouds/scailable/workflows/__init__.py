"""What takes several calls of Scailable, as flows that sync and async clients share."""
