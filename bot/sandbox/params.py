"""Parameters as they come: query string, JSON, form or multipart."""

from typing import Any
from urllib.parse import parse_qsl

from aiohttp import BodyPartReader, web

from bot.sandbox.errors import Refusal, bad
from bot.sandbox.values import Upload, read_json

LARGEST_REQUEST = 60 * 1024 * 1024


async def read_params(request: web.Request) -> dict[str, Any]:
    """All parameters of a request; those of the body win. Raises Refusal."""
    params: dict[str, Any] = dict(request.query) if request.query_string else {}
    if not request.can_read_body:
        return params
    try:
        return params | await read_body(request)
    except web.HTTPRequestEntityTooLarge:
        raise too_large() from None
    except UnicodeError:
        raise bad("strings must be encoded in UTF-8") from None
    except ValueError:
        raise bad("can't parse the request") from None


async def read_body(request: web.Request) -> dict[str, Any]:
    if request.content_type == "multipart/form-data":
        return await read_multipart(request)
    body = await request.read()
    if request.content_type == "application/json":
        return as_object(read_json("request", body or b"{}"))
    return dict(parse_qsl(body.decode(), keep_blank_values=True, errors="strict"))


def as_object(read: Any) -> dict[str, Any]:
    if not isinstance(read, dict):
        raise bad("can't parse request JSON object: expected an Object")
    return read


async def read_multipart(request: web.Request) -> dict[str, Any]:
    found: dict[str, Any] = {}
    size = 0
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader) or part.name is None:
            raise bad("can't parse multipart form data")
        content = bytes(await part.read(decode=True))
        size += len(content)
        if size > LARGEST_REQUEST:
            raise too_large()
        found[part.name] = upload(part, content) if part.filename else content.decode()
    return found


def upload(part: BodyPartReader, content: bytes) -> Upload:
    kind = part.headers.get("Content-Type", "application/octet-stream")
    return Upload(part.filename or "file", kind.partition(";")[0].strip(), content)


def too_large() -> Refusal:
    return Refusal(413, "Request Entity Too Large")


def attachments(params: dict[str, Any], raw: dict[str, Any]) -> dict[str, Any]:
    """Parameters that say `attach://name` get the file that came under this name."""
    for name, value in params.items():
        if isinstance(value, str) and value.startswith("attach://"):
            found = raw.get(value.removeprefix("attach://"))
            if not isinstance(found, Upload):
                raise bad("there is no attached file of this name in the request")
            params[name] = found
    return params
