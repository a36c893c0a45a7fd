from tests.catalog.people import charlie, lena, lena_user, oscar

__all__ = ["charlie", "lena", "lena_user", "oscar"]
