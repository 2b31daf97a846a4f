"""Apps of the bare site whose ``ready()`` would want the middleware that it does without."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
