"""Trials by force: a whole platform is played on while its processes are killed, and its log must be exact."""
