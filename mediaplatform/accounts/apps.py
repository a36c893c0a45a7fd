from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "mediaplatform.accounts"
    verbose_name = "Accounts"
