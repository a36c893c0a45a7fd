"""French: Django's own, with a word between day and hour."""

DATETIME_FORMAT = r"j F Y \à H:i"
FIRST_DAY_OF_WEEK = 1
