"""English as it is written in Europe: the day before the month, 24 hours, weeks that begin on Monday."""

DATE_FORMAT = "j F Y"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = r"j F Y \a\t H:i"
YEAR_MONTH_FORMAT = "F Y"
MONTH_DAY_FORMAT = "j F"
SHORT_DATE_FORMAT = "d/m/Y"
SHORT_DATETIME_FORMAT = "d/m/Y H:i"
FIRST_DAY_OF_WEEK = 1

# What a person may type; 03/04/2026 is the third of April.
DATE_INPUT_FORMATS = ["%Y-%m-%d", "%d/%m/%Y", "%d/%m/%y", "%d %b %Y", "%d %B %Y"]
DATETIME_INPUT_FORMATS = [
    f"{day} {time}" for day in ("%Y-%m-%d", "%d/%m/%Y", "%d/%m/%y") for time in ("%H:%M:%S", "%H:%M")
]
TIME_INPUT_FORMATS = ["%H:%M:%S", "%H:%M"]
