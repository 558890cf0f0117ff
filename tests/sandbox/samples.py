"""Small files made by hand: pictures of any size, a second of silence."""

import zlib

from bot.sandbox import Sandbox
from bot.sandbox.values import Upload


def png(width: int = 200, height: int = 100) -> bytes:
    """A real picture, all black."""
    header = width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x08\x00\x00\x00\x00"
    rows = zlib.compress((b"\x00" * (width + 1)) * height)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    )


def chunk(kind: bytes, content: bytes) -> bytes:
    checksum = zlib.crc32(kind + content).to_bytes(4, "big")
    return len(content).to_bytes(4, "big") + kind + content + checksum


def jpeg(width: int, height: int) -> bytes:
    """The beginning of one: a comment, then the frame."""
    sides = height.to_bytes(2, "big") + width.to_bytes(2, "big")
    return b"\xff\xd8\xff\xfe\x00\x06abcd\xff\xc0\x00\x11\x08" + sides + b"\x03"


def gif(width: int, height: int) -> bytes:
    return b"GIF89a" + width.to_bytes(2, "little") + height.to_bytes(2, "little")


def webp(width: int, height: int, kind: bytes = b"VP8X") -> bytes:
    """The beginning of one, in any of its three kinds."""
    wide, high = width - 1, height - 1
    head = b"RIFF\x00\x00\x00\x00WEBP" + kind + b"\x00\x00\x00\x00"
    if kind == b"VP8X":
        return head + b"\x00" * 4 + wide.to_bytes(3, "little") + high.to_bytes(3, "little")
    if kind == b"VP8L":
        return head + b"\x2f" + (wide | high << 14).to_bytes(4, "little")
    return head + b"\x00" * 6 + width.to_bytes(2, "little") + height.to_bytes(2, "little")


def ogg(seconds: int = 3) -> bytes:
    """The last page of a recording: where it ends, in samples."""
    return b"OggS\x00\x04" + (seconds * 48_000).to_bytes(8, "little") + b"\x00" * 13


def picture(width: int = 200, height: int = 100) -> Upload:
    return Upload("я.png", "image/png", png(width, height))


def recording() -> Upload:
    return Upload("voice.ogg", "audio/ogg", ogg())


def kept(sandbox: Sandbox, kind: str) -> str:
    """The id of a file that was sent before."""
    upload = recording() if kind == "voice" else picture()
    return sandbox.town.files.keep(sandbox.town.files.made(upload, kind)).file_id
