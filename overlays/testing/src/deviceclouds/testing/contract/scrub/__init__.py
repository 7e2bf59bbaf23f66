"""What is taken out of a recording, and what stands in for it."""
