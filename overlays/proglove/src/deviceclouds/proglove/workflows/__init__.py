"""What takes several calls of Insight, as flows that sync and async clients share."""
