"""The size of a picture and the length of a recording, read from their first and last bytes."""

from collections.abc import Callable, Iterator
from typing import Literal

Size = tuple[int, int]
Order = Literal["big", "little"]

_JPEG_SIZES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
_OPUS_RATE = 48_000


def size_of(content: bytes) -> Size | None:
    """Width and height of a PNG, JPEG, GIF or WebP; None if it is none of these."""
    for mark, read in _READERS.items():
        if content.startswith(mark):
            return read(content)
    return None


def _two(content: bytes, wide: int, high: int, bytes_each: int, order: Order) -> Size | None:
    """Two numbers that stand at these places."""
    if len(content) < max(wide, high) + bytes_each:
        return None
    width, height = content[wide : wide + bytes_each], content[high : high + bytes_each]
    return int.from_bytes(width, order), int.from_bytes(height, order)


def _png(content: bytes) -> Size | None:
    return _two(content, 16, 20, 4, "big")


def _gif(content: bytes) -> Size | None:
    return _two(content, 6, 8, 2, "little")


def _jpeg(content: bytes) -> Size | None:
    for kind, place in _segments(content):
        if kind in _JPEG_SIZES:
            return _two(content, place + 7, place + 5, 2, "big")
    return None


def _segments(content: bytes) -> Iterator[tuple[int, int]]:
    """Every marker of a JPEG before its picture begins, and where it stands."""
    place = 2
    while place + 4 <= len(content) and content[place] == 0xFF:
        yield content[place + 1], place
        place += 2 + int.from_bytes(content[place + 2 : place + 4], "big")


def _webp(content: bytes) -> Size | None:
    if content[8:12] != b"WEBP":
        return None
    match content[12:16]:
        case b"VP8 ":
            found = _two(content, 26, 28, 2, "little")
            return found and (found[0] & 0x3FFF, found[1] & 0x3FFF)
        case b"VP8L" if len(content) >= 25:
            bits = int.from_bytes(content[21:25], "little")
            return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        case b"VP8X":
            found = _two(content, 24, 27, 3, "little")
            return found and (found[0] + 1, found[1] + 1)
        case _:
            return None


_READERS: dict[bytes, Callable[[bytes], Size | None]] = {
    b"\x89PNG\r\n\x1a\n": _png,
    b"\xff\xd8": _jpeg,
    b"GIF8": _gif,
    b"RIFF": _webp,
}


def voice_type(content: bytes) -> str | None:
    """The type of a recording Telegram plays as a voice message: OGG, MP3 or M4A."""
    if content.startswith(b"OggS"):
        return "audio/ogg"
    if content.startswith(b"ID3") or (content[:1] == b"\xff" and content[1:2] >= b"\xe0"):
        return "audio/mpeg"
    return "audio/mp4" if content[4:8] == b"ftyp" else None


def seconds(content: bytes) -> int:
    """How long an OGG of Opus plays; of other recordings nobody here knows."""
    last = content.rfind(b"OggS")
    if last < 0:
        return 0
    return int.from_bytes(content[last + 6 : last + 14], "little") // _OPUS_RATE
