"""How rights holders change their shares among themselves: proposed by one, agreed by all, from a coming month on."""
