"""Parameters as they come: query string, JSON, form or multipart."""

import re
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import BodyPartReader, MultipartReader, web
from aiohttp.multipart import MultipartResponseWrapper

from bot.sandbox.errors import Refusal, bad
from bot.sandbox.values import Upload, read_json

ATTACHED = "attach://"
LARGEST_REQUEST = 60 * 1024 * 1024
# NUL as it is, or as JSON spells it; a doubled backslash before it only speaks of it.
NUL = re.compile(rb"\x00|(?<!\\)(?:\\\\)*\\u0000")


async def read_params(request: web.Request) -> dict[str, Any]:
    """All parameters of a request; those of the body win. Raises Refusal."""
    try:
        asked = request.rel_url.raw_query_string
        params = read_form(asked) if asked else {}
        if request.can_read_body:
            params |= await read_body(request)
    except web.HTTPRequestEntityTooLarge:
        raise too_large() from None
    except UnicodeError:
        raise not_utf8() from None
    except ValueError:
        raise bad("can't parse the request") from None
    return params


async def read_body(request: web.Request) -> dict[str, Any]:
    if request.content_type == "multipart/form-data":
        return await read_parts(await request.multipart())
    body = await request.read()
    if request.content_type == "application/json":
        if NUL.search(body):
            raise not_utf8()
        return as_object(read_json("request", body or b"{}"))
    return read_form(body.decode())


def read_form(text: str) -> dict[str, Any]:
    words = dict(parse_qsl(text, keep_blank_values=True, errors="strict"))
    return {name: clean(word) for name, word in words.items()}


def clean(word: str) -> str:
    if NUL.search(word.encode()):  # as it is, or inside of JSON that is read later
        raise not_utf8()
    return word


def as_object(read: Any) -> dict[str, Any]:
    if not isinstance(read, dict):
        raise bad("can't parse request JSON object: expected an Object")
    return read


async def read_parts(parts: MultipartReader | MultipartResponseWrapper) -> dict[str, Any]:
    found: dict[str, Any] = {}
    size = 0
    async for part in parts:
        if not isinstance(part, BodyPartReader) or part.name is None:
            raise bad("can't parse multipart form data")
        content = bytes(await part.read(decode=True))
        size += len(content)
        if size > LARGEST_REQUEST:
            raise too_large()
        found[part.name] = upload(part, content) if part.filename else clean(content.decode())
    return found


def upload(part: BodyPartReader, content: bytes) -> Upload:
    kind = part.headers.get("Content-Type", "application/octet-stream")
    return Upload(part.filename or "file", kind.partition(";")[0].strip(), content)


def not_utf8() -> Refusal:
    return bad("strings must be encoded in UTF-8")


def too_large() -> Refusal:
    return Refusal(413, "Request Entity Too Large")


def attachments(params: dict[str, Any], raw: dict[str, Any]) -> dict[str, Any]:
    """What says `attach://name` becomes the file that came under this name."""
    for name, value in params.items():
        if isinstance(value, str) and value.startswith(ATTACHED):
            lost = "there is no attached file of this name in the request"
            params[name] = attached(value, raw, lost)
        elif name == "media":
            for one in value if isinstance(value, list) else [value]:
                if one["media"].startswith(ATTACHED):
                    lost = "can't parse InputMedia: media not found"
                    one["media"] = attached(one["media"], raw, lost)
    return params


def attached(word: str, raw: dict[str, Any], lost: str) -> Upload:
    found = raw.get(word.removeprefix(ATTACHED))
    if not isinstance(found, Upload):
        raise bad(lost)
    return found
