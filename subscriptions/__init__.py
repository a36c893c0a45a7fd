"""Who may use the platform, and who pays for it: libraries, their offers, their patrons."""


class SubscriptionsError(Exception):
    """A refusal. Its text is for the person who asked, in their language; `code` never changes."""

    code = "refused"
