"""Patrons without names: how they get in, who is looking, and what the log may call them."""
