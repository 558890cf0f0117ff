"""Files of the town: kept in memory, named by ids that say nothing."""

import hashlib
import itertools
import mimetypes
import re
from dataclasses import dataclass, replace

from bot.sandbox import pictures
from bot.sandbox.errors import Refusal, bad
from bot.sandbox.values import Upload

MOST_BYTES_UP = 50 * 1024 * 1024
MOST_BYTES_DOWN = 20 * 1024 * 1024
MOST_BYTES_OF_A_PHOTO = 10 * 1024 * 1024
MOST_WIDTH_AND_HEIGHT = 10_000
MOST_RATIO = 20
THUMBNAIL = 90  # no side of the small size of a photo is longer
ENDING = re.compile(r"\.[A-Za-z0-9]{1,10}$")


@dataclass(frozen=True, slots=True)
class Kind:
    """How files of a kind are named: by Telegram in complaints, in ids, in paths."""

    name: str
    mark: str
    folder: str


KINDS = {
    "photo": Kind("Photo", "AgACAgIAAxkD", "photos"),
    "voice": Kind("VoiceNote", "AwACAgIAAxkD", "voice"),
    "document": Kind("Document", "BQACAgIAAxkD", "documents"),
    "video": Kind("Video", "BAACAgIAAxkD", "videos"),
    "video_note": Kind("VideoNote", "DQACAgIAAxkD", "video_notes"),
    "audio": Kind("Audio", "CQACAgIAAxkD", "music"),
    "sticker": Kind("Sticker", "CAACAgIAAxkD", "stickers"),
}


@dataclass(frozen=True, slots=True)
class StoredFile:
    file_id: str
    unique_id: str
    name: str
    mime_type: str
    path: str
    content: bytes
    kind: str = "document"
    size: pictures.Size | None = None


class Files:
    def __init__(self) -> None:
        self._by_id: dict[str, StoredFile] = {}
        self._by_path: dict[str, StoredFile] = {}
        self._whole: dict[str, StoredFile] = {}  # by the ids of their small sizes
        self._numbers = itertools.count()

    def by_id(self, file_id: str) -> StoredFile | None:
        return self._by_id.get(file_id)

    def by_path(self, path: str) -> StoredFile | None:
        return self._by_path.get(path)

    def get(self, given: object, kind: str = "document") -> StoredFile:
        """What a request sends: an upload, not yet kept, or a file kept before, by its id."""
        if isinstance(given, Upload):
            return self.made(checked(given, kind), kind)
        if isinstance(given, str) and given.startswith(("http://", "https://")):
            raise bad("failed to get HTTP URL content")  # the town has no way out
        file = self._by_id.get(given) if isinstance(given, str) else None
        if file is None:
            raise bad("wrong remote file identifier specified: can't unserialize it")
        if file.kind != kind:
            raise bad(f"can't use file of type {KINDS[file.kind].name} as {KINDS[kind].name}")
        return self._whole.get(file.file_id, file)

    def made(self, upload: Upload, kind: str) -> StoredFile:
        number = next(self._numbers)
        digest = hashlib.sha256(upload.content + str(number).encode()).hexdigest()
        name = upload.filename.replace("\\", "/").rpartition("/")[2] or "file"
        ending = ENDING.search(name)
        return StoredFile(
            file_id=f"{KINDS[kind].mark}{digest[:44]}",
            unique_id=f"AgAD{digest[44:54]}",
            name=name,
            mime_type=mimetypes.guess_type(name)[0] or upload.content_type,
            path=f"{KINDS[kind].folder}/file_{number}{ending[0] if ending else ''}",
            content=upload.content,
            kind=kind,
            size=pictures.size_of(upload.content),
        )

    def keep(self, file: StoredFile) -> StoredFile:
        """Once it was sent; a refused message leaves no file behind."""
        if file.file_id not in self._by_id:
            self._by_id[file.file_id] = self._by_path[file.path] = file
            small = smaller(file)
            if small is not None:
                self._by_id[small.file_id] = small
                self._whole[small.file_id] = file
        return file


def smaller(photo: StoredFile) -> StoredFile | None:
    """A second, small size of a photo, as Telegram makes; its bytes are those of the whole."""
    if photo.kind != "photo" or photo.size is None or max(photo.size) <= THUMBNAIL:
        return None
    factor = THUMBNAIL / max(photo.size)
    width, height = (max(1, round(one * factor)) for one in photo.size)
    return replace(
        photo,
        file_id=f"{photo.file_id}s",
        unique_id=f"{photo.unique_id}s",
        size=(width, height),
    )


def checked(upload: Upload, kind: str) -> Upload:
    """Raises Refusal."""
    if not upload.content:
        raise bad("file must be non-empty")
    if len(upload.content) > MOST_BYTES_UP:
        raise Refusal(413, "Request Entity Too Large")
    if kind == "photo":
        check_photo(upload.content)
    return upload


def check_photo(content: bytes) -> None:
    if len(content) > MOST_BYTES_OF_A_PHOTO:
        raise bad(
            f"file of size {len(content)} bytes is too big for a photo; "
            f"the maximum size is {MOST_BYTES_OF_A_PHOTO} bytes"
        )
    size = pictures.size_of(content)
    if size is None:
        raise bad("IMAGE_PROCESS_FAILED")
    short, long = sorted(size)
    if sum(size) > MOST_WIDTH_AND_HEIGHT or long > short * MOST_RATIO:
        raise bad("PHOTO_INVALID_DIMENSIONS")
