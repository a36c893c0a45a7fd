"""ONIX for Books 3.0 and 3.1, reference names and short tags, as rows of a delivery.

Samples, schemas and code lists are EDItEUR's; none is kept here. Codes are explained in `codes`.
"""
