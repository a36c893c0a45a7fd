"""What artists and rights holders read: balance, statements, every line with its numbers."""
