"""The documentation site: pages of the repository, links rewritten, and reference pages made from the specs."""
