from tests.subscriptions.people import charlie, library, oscar

__all__ = ["charlie", "library", "oscar"]
