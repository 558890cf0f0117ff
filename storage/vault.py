"""Keys: a keyed hash to recognise people by, and sealed fields that fit only their own row."""

import base64
import hmac
import json
import secrets
import stat
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_KEY_BYTES = 32
_NONCE_BYTES = 12


class KeyFileError(Exception):
    """The key file is missing, readable by others, or not ours; the message says the mend."""


class SealBrokenError(Exception):
    """A sealed field was changed, moved to another row, or sealed with another key."""


@dataclass(frozen=True, slots=True)
class Vault:
    """AES-256-GCM for fields, HMAC-SHA-256 for people. A field is bound to its column and row."""

    _pepper: bytes = field(repr=False)
    _keys: dict[int, AESGCM] = field(repr=False)
    _current: int

    def recognise(self, telegram_id: int) -> str:
        """The keyed hash we know a person by; without the key file it leads back to nobody."""
        return hmac.digest(self._pepper, str(telegram_id).encode(), sha256).hex()

    def fingerprint(self, text: str) -> str:
        """Tells whether a text has changed, and nothing else about it."""
        return hmac.digest(self._pepper, text.encode(), sha256).hex()[:32]

    def seal(self, column: str, row: str, text: str) -> bytes:
        nonce = secrets.token_bytes(_NONCE_BYTES)
        bound = f"{column}|{row}|{self._current}".encode()
        sealed = self._keys[self._current].encrypt(nonce, text.encode(), bound)
        return bytes([self._current]) + nonce + sealed

    def open(self, column: str, row: str, sealed: bytes) -> str:
        """The text again. Raises SealBrokenError if it was not sealed for this column and row."""
        try:
            key_id, nonce = sealed[0], sealed[1 : 1 + _NONCE_BYTES]
            bound = f"{column}|{row}|{key_id}".encode()
            return self._keys[key_id].decrypt(nonce, sealed[1 + _NONCE_BYTES :], bound).decode()
        except (IndexError, KeyError, ValueError, InvalidTag) as broken:
            raise SealBrokenError(f"A sealed field of {column} does not open.") from broken


def write_key_file(path: Path) -> None:
    """Write a new key file, readable by its owner alone. Never overwrites one."""
    content = {
        "pepper": _new_key(),
        "keys": {"1": _new_key()},
        "current": 1,
    }
    try:
        with path.open("x", encoding="utf-8") as file:
            path.chmod(0o400)
            json.dump(content, file)
    except FileExistsError as exists:
        raise KeyFileError(f"{path}: there is a key file already; it stays as it is.") from exists
    except OSError as refused:
        raise KeyFileError(f"{path}: cannot be written ({refused.strerror}).") from refused


def read_key_file(path: Path) -> Vault:
    """The keys of a file. Raises KeyFileError with the mend if it cannot be trusted."""
    try:
        mode = path.stat().st_mode
        content = path.read_text(encoding="utf-8", errors="replace")
    except OSError as missing:
        raise KeyFileError(
            f"{path}: no key file here. Make one, once: `bureau-bot key {path}`. Keep a copy."
        ) from missing
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise KeyFileError(f"{path}: others can read it. Run `chmod 400 {path}`.")
    return _vault(path, content)


def _vault(path: Path, content: str) -> Vault:
    try:
        kept = json.loads(content)
        pepper = base64.b64decode(kept["pepper"], validate=True)
        raw = {int(name): base64.b64decode(key) for name, key in kept["keys"].items()}
        current = int(kept["current"])
        keys = {name: AESGCM(key) for name, key in raw.items()}
        sound = current in keys and all(len(key) == _KEY_BYTES for key in (pepper, *raw.values()))
    except (ValueError, KeyError, TypeError, AttributeError) as damaged:
        raise KeyFileError(f"{path}: not a key file of ours, or damaged.") from damaged
    if not sound or pepper in raw.values() or len(set(raw.values())) != len(raw):
        raise KeyFileError(f"{path}: its keys are too short, equal, or the current one is missing.")
    return Vault(pepper, keys, current)


def _new_key() -> str:
    return base64.b64encode(secrets.token_bytes(_KEY_BYTES)).decode()
