"""From a checked spec to a vendor's package: openapi-python-client, driven in process, with templates of ours.

openapi-python-client parses the document, names things, and renders. What it does not hand to templates (evidence,
security, paging, constraints) is read from the same document into small view objects and passed beside its own.
"""
