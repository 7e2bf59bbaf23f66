"""The contract kit: whether a client, a cloud or recorded traffic keeps to a specification."""
