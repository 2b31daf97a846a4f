from outbox.models.link import Link
from outbox.models.message import Message

__all__ = ["Link", "Message"]
