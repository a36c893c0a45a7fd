from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "mediaplatform.ui"
    verbose_name = "Design system"
