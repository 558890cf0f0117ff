"""What the strangers' bots show: a tiny picture, a tiny recording, a place."""

import struct
import zlib

WORDS = {"en": "Show me everything", "ar": "أرني كل شيء", "uk": "Покажи все"}
"""What the command `/show` is called, by language; English is everybody else's."""

PLACE = (42.6977, 23.3219, "Бюро", "ул. „Московска“ 33, София")
VOICE = b"OggS\x00\x02" + bytes(20) + b"\x01\x1e\x01vorbis" + bytes(60)


def picture(shade: int) -> bytes:
    """A PNG of 8 by 8 grey points."""
    rows = b"".join(b"\x00" + bytes([shade]) * 8 for _ in range(8))
    head = struct.pack(">IIBBBBB", 8, 8, 8, 0, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, body) for kind, body in chunks)


def _chunk(kind: bytes, body: bytes) -> bytes:
    checked = kind + body
    return struct.pack(">I", len(body)) + checked + struct.pack(">I", zlib.crc32(checked))
