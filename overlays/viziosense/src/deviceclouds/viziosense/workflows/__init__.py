"""What takes several calls of the VizioSense API, as flows that sync and async clients share."""
