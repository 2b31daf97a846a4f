"""What must not stand in a log."""

import logging
import re

_TOKEN = re.compile(r"(/s/|/akun/undangan/[\w-]+/)[\w-]{40,}|(/akun/sandi/baru/\w+-)[\w-]{20,}")


class WithoutTokens(logging.Filter):
    """Django logs the path of a refused or failed request; that of a personal link opens what is held on a person, and
    those of an invitation and of a forgotten password let their reader choose the password."""

    def filter(self, record: logging.LogRecord) -> bool:
        text = record.getMessage()
        if "/s/" in text or "/akun/" in text:
            record.msg, record.args = _TOKEN.sub(r"\1\2…", text), ()
        return True
