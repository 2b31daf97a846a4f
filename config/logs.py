"""What must not stand in a log."""

import logging
import re
from typing import Any

_TOKEN = re.compile(r"(/s/|/q/|/pintu/|/akun/undangan/[\w-]+/)[\w-]{40,}|(/akun/sandi/baru/\w+-)[\w-]{20,}")
# What PostgreSQL adds to a refusal: the row or the values themselves, up to the next part of the traceback.
_VALUES = re.compile(r"^(DETAIL|CONTEXT):.*?(?=\n\n|\Z)", re.DOTALL | re.MULTILINE)
_BEGINNINGS = ("/s/", "/q/", "/pintu/", "/akun/")


class WithoutTokens(logging.Filter):
    """Django logs the path of a refused or failed request; that of a personal link opens what is held on a person, that
    of a helper's link the list at a door, and those of an invitation and of a forgotten password let their reader
    choose the password."""

    def filter(self, record: logging.LogRecord) -> bool:
        text = record.getMessage()
        if any(begin in text for begin in _BEGINNINGS):
            record.msg, record.args = _TOKEN.sub(r"\1\2…", text), ()
        return True


class WithoutValues(logging.Formatter):
    """A traceback says where something failed, never about whom: a row that the database refused is a person."""

    def formatException(self, ei: Any) -> str:
        return _TOKEN.sub(r"\1\2…", _VALUES.sub(r"\1: …", super().formatException(ei)))
