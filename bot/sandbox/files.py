"""Files of the town: kept in memory, named by ids that say nothing."""

import hashlib
import mimetypes
import re
from dataclasses import dataclass

from bot.sandbox.errors import bad
from bot.sandbox.values import Upload

MOST_BYTES_UP = 50 * 1024 * 1024
MOST_BYTES_DOWN = 20 * 1024 * 1024
ENDING = re.compile(r"\.[A-Za-z0-9]{1,10}$")


@dataclass(frozen=True, slots=True)
class StoredFile:
    file_id: str
    unique_id: str
    name: str
    mime_type: str
    path: str
    content: bytes


class Files:
    def __init__(self) -> None:
        self._by_id: dict[str, StoredFile] = {}
        self._by_path: dict[str, StoredFile] = {}

    def by_id(self, file_id: str) -> StoredFile | None:
        return self._by_id.get(file_id)

    def by_path(self, path: str) -> StoredFile | None:
        return self._by_path.get(path)

    def get(self, given: object) -> StoredFile | None:
        """An upload is kept; a word is the id of a file kept before. Raises Refusal."""
        if isinstance(given, Upload):
            return self.keep(given)
        if isinstance(given, str) and given.startswith(("http://", "https://")):
            raise bad("failed to get HTTP URL content")  # the town has no way out
        return self._by_id.get(given) if isinstance(given, str) else None

    def keep(self, upload: Upload, folder: str = "documents") -> StoredFile:
        if not upload.content:
            raise bad("file must be non-empty")
        if len(upload.content) > MOST_BYTES_UP:
            raise bad("file is too big")
        number = len(self._by_id)
        digest = hashlib.sha256(upload.content + str(number).encode()).hexdigest()
        name = upload.filename.replace("\\", "/").rpartition("/")[2] or "file"
        ending = ENDING.search(name)
        file = StoredFile(
            file_id=f"BQACAgIAAxkD{digest[:44]}",
            unique_id=f"AgAD{digest[44:54]}",
            name=name,
            mime_type=mimetypes.guess_type(name)[0] or upload.content_type,
            path=f"{folder}/file_{number}{ending[0] if ending else ''}",
            content=upload.content,
        )
        self._by_id[file.file_id] = self._by_path[file.path] = file
        return file
