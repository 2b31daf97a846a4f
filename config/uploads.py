"""How much one request may send."""

from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler

# More than any form takes, so that a photo that is merely too large still gets its sentence beside the field.
MOST_BYTES = 32 * 1024 * 1024


class LimitedUploadHandler(FileUploadHandler):
    """Refuses a body before it is read. Without it, anybody could fill the disk: the form key of a POST is looked for
    in the body, so the body is read before it is known who sent it."""

    def handle_raw_input(
        self, input_data: Any, META: dict[str, Any], content_length: int, boundary: Any, encoding: Any = None
    ) -> None:
        if content_length > MOST_BYTES:
            raise RequestDataTooBig(f"A request of {content_length} bytes was refused.")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None
