"""Files on their way in: held in memory until they are read, so that nothing of a refused one ever touches a disk."""

from __future__ import annotations

import io
from typing import Any

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload

from nennep.intake.services import LARGEST_DELIVERY


class InMemory(FileUploadHandler):
    """Takes files into memory up to the limit of one delivery; what is past it is read to its end and forgotten.

    The request then bears `sent_too_much`, and whoever asks for its files says so.
    """

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self._taken = 0
        self._file = io.BytesIO()

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self._file = io.BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        del start
        self._taken += len(raw_data)
        if self._taken > LARGEST_DELIVERY:
            self._file = io.BytesIO()
            if self.request is not None:
                self.request.sent_too_much = True  # type: ignore[attr-defined]
            raise StopUpload(connection_reset=False)
        self._file.write(raw_data)

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        self._file.seek(0)
        return InMemoryUploadedFile(
            file=self._file,
            field_name=self.field_name,
            name=self.file_name or "",
            content_type=self.content_type,
            size=file_size,
            charset=self.charset,
            content_type_extra=self.content_type_extra,
        )
