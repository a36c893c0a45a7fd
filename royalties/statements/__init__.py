"""Statements: what a payee is told about a month, frozen, with the numbers behind each line."""
