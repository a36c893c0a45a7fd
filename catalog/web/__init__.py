"""Patron pages of the catalogue: thin views over catalog.works.selectors."""
