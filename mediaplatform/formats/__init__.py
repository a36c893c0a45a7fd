"""Dates and times as the platform's readers write them, by language (FORMAT_MODULE_PATH)."""
