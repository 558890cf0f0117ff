"""What a file is, and whether Telegram takes it: told by its first bytes and its size."""

from typing import Any

import pytest

from bot.sandbox import files, pictures
from bot.sandbox.errors import Refusal
from bot.sandbox.values import Upload
from tests.sandbox import samples

BAD = "400 Bad Request: "


@pytest.mark.parametrize(
    ("content", "size"),
    [
        (samples.png(3, 4), (3, 4)),
        (samples.jpeg(300, 40), (300, 40)),
        (samples.gif(3, 400), (3, 400)),
        (samples.webp(500, 20), (500, 20)),
        (samples.webp(500, 20, b"VP8L"), (500, 20)),
        (samples.webp(500, 20, b"VP8 "), (500, 20)),
        (samples.png()[:20], None),
        (samples.jpeg(1, 1)[:14], None),
        (samples.webp(1, 1, b"odd "), None),
        (b"RIFF....WAVE", None),
        (b"%PDF-1.7", None),
        (b"", None),
    ],
)
def test_the_size_of_a_picture_stands_in_its_first_bytes(content: bytes, size: Any) -> None:
    assert pictures.size_of(content) == size


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (samples.ogg(), "audio/ogg"),
        (b"ID3\x04", "audio/mpeg"),
        (b"\xff\xfb\x90", "audio/mpeg"),
        (b"\x00\x00\x00 ftypM4A ", "audio/mp4"),
        (b"RIFF....WAVE", None),
    ],
)
def test_a_recording_is_known_by_its_first_bytes(content: bytes, kind: Any) -> None:
    assert pictures.voice_type(content) == kind


def refusal_of(content: bytes, kind: str = "photo") -> str:
    try:
        files.checked(Upload("a", "image/png", content), kind)
    except Refusal as refusal:
        return f"{refusal.code} {refusal.description}"
    return "taken"


@pytest.mark.parametrize(
    ("width", "height", "said"),
    [
        (5000, 5000, "taken"),
        (5001, 5000, BAD + "PHOTO_INVALID_DIMENSIONS"),
        (100, 2000, "taken"),
        (100, 2001, BAD + "PHOTO_INVALID_DIMENSIONS"),
    ],
)
def test_a_photo_is_neither_too_large_nor_too_narrow(width: int, height: int, said: str) -> None:
    assert refusal_of(samples.gif(width, height)) == said


def test_files_have_a_largest_size() -> None:
    photo = samples.png().ljust(files.MOST_BYTES_OF_A_PHOTO, b"\0")
    said = f"file of size {len(photo) + 1} bytes is too big for a photo"
    assert [
        refusal_of(photo),
        refusal_of(photo + b"\0"),
        refusal_of(bytes(files.MOST_BYTES_UP), "document"),
        refusal_of(bytes(files.MOST_BYTES_UP + 1), "document"),
        refusal_of(b"", "voice"),
        refusal_of(b"%PDF"),
    ] == [
        "taken",
        f"{BAD}{said}; the maximum size is 10485760 bytes",
        "taken",
        "413 Request Entity Too Large",
        BAD + "file must be non-empty",
        BAD + "IMAGE_PROCESS_FAILED",
    ]
