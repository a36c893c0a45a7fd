"""A small synthesiser and its studio: notes in, finished stereo sound out. Pure NumPy, no clock."""
