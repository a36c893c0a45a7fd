"""What patrons see of their library: its page, its door, its colour."""
