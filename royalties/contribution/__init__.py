"""What a library's money became: for its staff, and for those they report to."""
