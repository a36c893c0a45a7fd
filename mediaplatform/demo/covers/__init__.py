"""Covers and plates: one Typst drawing a work, compiled to PNG."""
