"""What must not stand in a log."""

import logging
import logging.config
import sys

from django.conf import settings

from config.logs import WithoutTokens

TOKEN = "aB3-_" * 8 + "xyz"


def test_logs_hide_the_token_of_a_personal_link():
    record = logging.LogRecord(
        "django.request", 30, "", 0, "%s: %s", ("Forbidden", f"/s/{TOKEN}/hapus/"), None
    )

    assert WithoutTokens().filter(record)
    assert record.getMessage() == "Forbidden: /s/…/hapus/"


def test_logs_hide_the_key_of_a_forgotten_password():
    """Red before: what fails on the way to the form is logged with its path."""
    path = "/akun/sandi/baru/1a-cq3k1f-0123456789abcdef0123456789abcdef/"
    record = logging.LogRecord("django.request", 40, "", 0, "%s: %s", ("Internal Server Error", path), None)

    assert WithoutTokens().filter(record)
    assert record.getMessage() == "Internal Server Error: /akun/sandi/baru/1a-…/"


def test_logs_leave_all_else_as_it_is():
    record = logging.LogRecord("django.request", 30, "", 0, "Not Found: %s", ("/mitra/x/",), None)

    assert WithoutTokens().filter(record)
    assert (record.msg, record.args) == ("Not Found: %s", ("/mitra/x/",))


def test_logs_hide_the_row_that_the_database_refused():
    try:
        try:
            raise ValueError(
                'null value in column "kind"\nDETAIL:  Failing row contains (7, Rina,\n0812-3456-7890).'
            )
        except ValueError as error:
            raise RuntimeError(f"at /pintu/{TOKEN}/") from error
    except RuntimeError:
        text = (
            logging.config.DictConfigurator(settings.LOGGING)
            .configure_formatter(settings.LOGGING["formatters"]["line"].copy())
            .formatException(sys.exc_info())
        )

    assert "Rina" not in text and "0812" not in text and TOKEN not in text
    assert "DETAIL: …" in text and 'null value in column "kind"' in text
    assert text.endswith("RuntimeError: at /pintu/…/")


def test_logs_pass_the_filter_on_their_way_out():
    handlers = settings.LOGGING["handlers"].values()

    assert [handler["filters"] for handler in handlers] == [["without_tokens"]]
    assert settings.LOGGING["filters"]["without_tokens"]["()"] == "config.logs.WithoutTokens"
