"""A client against its specification, without any network."""
