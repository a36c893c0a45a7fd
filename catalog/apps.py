from django.apps import AppConfig


class CatalogConfig(AppConfig):
    name = "catalog"

    def ready(self) -> None:
        """Refuse to start with a delivery that can't be used: the first to notice would be a patron."""
        from catalog.streaming.delivery import choice

        choice.get_delivery()
