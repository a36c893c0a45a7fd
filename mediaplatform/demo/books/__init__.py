"""Four books of ours, text and pictures, bound as EPUB 3."""
