"""What takes several calls of the amnimo API, as flows that sync and async clients share."""
