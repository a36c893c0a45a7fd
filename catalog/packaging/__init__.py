"""Turns originals into what is streamed: immutable packages, checked before they are published."""
