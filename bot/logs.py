"""Logs that know numbers, not people: no token, no address, no words anybody wrote."""

import json
import logging
import re
from datetime import UTC, datetime
from typing import Literal

_TOKEN = re.compile(r"\d{1,12}:[A-Za-z0-9_-]{6,}")
_CHATTY = ("httpx", "httpcore", "aiogram", "telegram", "aiohttp.access", "sqlalchemy", "alembic")


class _WithoutSecrets(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        try:
            told = record.getMessage()
        except (TypeError, ValueError):
            told = str(record.msg)  # a line with the wrong number of blanks must not stop anybody
        # One line is one event: nobody invents a second one with a line break.
        record.msg = _TOKEN.sub("***", told).replace("\n", "\\n").replace("\r", "\\r")
        record.args = None
        record.exc_info = None  # a trace holds parameters and addresses with the token
        return True


class _AsJson(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        return json.dumps(
            {"at": at, "level": record.levelname, "from": record.name, "what": record.getMessage()},
            ensure_ascii=False,
        )


def set_up(style: Literal["json", "text"]) -> None:
    """One handler to stderr for everything; libraries that show addresses speak up only to warn."""
    handler = logging.StreamHandler()
    plain = logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s")
    handler.setFormatter(_AsJson() if style == "json" else plain)
    handler.addFilter(_WithoutSecrets())
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    logging.captureWarnings(capture=True)
    for name in _CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)
