"""HAR files: read, written, and the API found in them."""
