from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        """The history of an account is read by those who keep it; what the library of the second factor does to an
        account leaves a line there."""
        from allauth.mfa import signals

        from accounts import factor_notes
        from accounts.queries.officers import officers_visible_to
        from audit import visibility

        visibility.register("officer", visibility.through(officers_visible_to))
        signals.authenticator_added.connect(factor_notes.added)
        signals.authenticator_removed.connect(factor_notes.removed)
        signals.authenticator_reset.connect(factor_notes.renewed)
        signals.authentication_failed.connect(factor_notes.failed)
