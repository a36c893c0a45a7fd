"""Split sheets as the people of payees handle them: who may, and who is told."""
