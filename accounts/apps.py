from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        """The history of an account is read by those who keep it."""
        from accounts.queries.officers import officers_visible_to
        from audit import visibility

        visibility.register("officer", visibility.through(officers_visible_to))
