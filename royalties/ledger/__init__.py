"""The cooperative's books: double entry, append-only, in micros."""
