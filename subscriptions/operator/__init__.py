"""The cooperative's desk for libraries, offers and subscriptions."""
