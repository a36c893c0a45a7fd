"""The console of a library's staff."""
