"""A real SMTP server for tests, which answers as it is told."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller

from tests.services import free_port


class Postman:
    """Keeps what arrives. ``answers``: what RCPT is answered, one after the other; then all is taken.

    ``cut`` drops the line while the letter is being handed over, after it was taken.
    """

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.answers: list[str] = []
        self.data_answers: list[str] = []
        self.cut = False
        self.sessions = 0
        self.before_rcpt: Any = None

    async def handle_EHLO(self, server, session, envelope, hostname, responses):
        self.sessions += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.answers and (answer := self.answers.pop(0)):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if self.data_answers and (answer := self.data_answers.pop(0)):
            return answer
        self.letters.append(message_from_bytes(envelope.content, policy=policy.default))
        if self.cut:
            server.transport.abort()
        return "250 OK"


@contextmanager
def smtp(settings: Any) -> Iterator[Postman]:
    postman = Postman()
    controller = Controller(postman, hostname="127.0.0.1", port=free_port())
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", controller.port
    settings.EMAIL_TIMEOUT = 5
    try:
        yield postman
    finally:
        controller.stop()
