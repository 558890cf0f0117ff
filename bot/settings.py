"""The settings: environment variables or a .env file, read once, one clear line when wrong."""

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

PREFIX = "BUREAU_"
_LAST_PORT = 65535
_SECRET = re.compile(r"[A-Za-z0-9_-]{32,256}")


class SettingsError(Exception):
    """A setting is missing, unknown or wrong. The message is one line for the operator."""


class Settings(BaseSettings):
    """One frozen object. Every name stands in the environment with BUREAU_ before it."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_file=".env", extra="forbid", frozen=True, hide_input_in_errors=True
    )

    token: SecretStr | None = None
    token_file: Path | None = None
    api_url: str = "https://api.telegram.org"
    database_url: str = "sqlite:///bureau.db"
    staff_chat: int | None = None
    admins: Annotated[tuple[int, ...], NoDecode] = ()
    key_file: Path | None = None
    webhook_url: str | None = None
    webhook_secret: SecretStr | None = None
    listen: str = "127.0.0.1:8080"
    timezone: str = "Europe/Sofia"
    log: Literal["json", "text"] = Field(default="text")

    @field_validator("admins", mode="before")
    @classmethod
    def _numbers(cls, value: Any) -> Any:
        if isinstance(value, str):
            return tuple(part for part in value.replace(",", " ").split())
        return value

    @field_validator("timezone")
    @classmethod
    def _zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (KeyError, ValueError, OSError) as unknown:
            raise ValueError("is no time zone, e.g. Europe/Sofia") from unknown
        return value

    @field_validator("api_url")
    @classmethod
    def _address(cls, value: str) -> str:
        if not value.startswith(("http://", "https://")):
            raise ValueError("must begin with https:// (or http:// for a local server)")
        return value.rstrip("/")

    @field_validator("webhook_url")
    @classmethod
    def _reachable(cls, value: str | None) -> str | None:
        local = urlsplit(value or "").hostname in {"127.0.0.1", "localhost", "::1"}
        if value is not None and not value.startswith(
            ("https://", "http://") if local else "https://"
        ):
            raise ValueError("must begin with https://, or Telegram does not bring anything there")
        return value

    @field_validator("webhook_secret")
    @classmethod
    def _long_enough(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not _SECRET.fullmatch(value.get_secret_value()):
            raise ValueError("must be 32 to 256 letters, digits, - or _, made by chance")
        return value

    @field_validator("listen")
    @classmethod
    def _host_and_port(cls, value: str) -> str:
        host, _, port = value.rpartition(":")
        if not host or not port.isascii() or not port.isdigit() or int(port) > _LAST_PORT:
            raise ValueError("must be host:port, e.g. 127.0.0.1:8080")
        return value

    @field_validator("database_url")
    @classmethod
    def _driver(cls, value: str) -> str:
        # SQLite is spoken to in our own way, whatever driver is named.
        value = value.replace("sqlite+aiosqlite://", "sqlite://", 1)
        if not value.startswith(("sqlite://", "postgresql+asyncpg://")):
            raise ValueError("must begin with sqlite:// or postgresql+asyncpg://")
        return value

    @property
    def secret(self) -> str:
        """The webhook's secret. Raises SettingsError if there is none: then anybody could come."""
        if self.webhook_secret is None:
            raise SettingsError(
                "BUREAU_WEBHOOK_SECRET is missing: 32 or more letters and digits, made by chance."
            )
        return self.webhook_secret.get_secret_value()

    @property
    def bot_token(self) -> str:
        """The token, from the setting or its file. Raises SettingsError if there is none."""
        if self.token is not None:
            return self.token.get_secret_value().strip()
        if self.token_file is None:
            raise SettingsError(
                "BUREAU_TOKEN is missing. BotFather gives it to you: see README.md."
            )
        try:
            return self.token_file.read_text(encoding="utf-8").strip()
        except OSError as missing:
            raise SettingsError(
                f"BUREAU_TOKEN_FILE: {self.token_file} cannot be read ({missing.strerror})."
            ) from missing


def read(environment: Mapping[str, str] | None = None) -> Settings:
    """The settings of this process. Raises SettingsError naming every wrong one."""
    given = os.environ if environment is None else environment
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    unknown = sorted({one for one in given if one.startswith(PREFIX)} - known)
    if unknown:
        raise SettingsError(
            f"Unknown settings: {', '.join(unknown)}. Known: {', '.join(sorted(known))}."
        )
    try:
        return Settings()
    except ValidationError as wrong:
        raise SettingsError(" ".join(_mend(one) for one in wrong.errors())) from None


def _mend(problem: Any) -> str:
    # Only the place and the kind of the problem: the value may be a secret.
    name = "_".join(str(part) for part in problem["loc"][:1]).upper()
    name = name if name.startswith(PREFIX) else PREFIX + name
    return f"{name}: {problem['msg'].removeprefix('Value error, ')}."
