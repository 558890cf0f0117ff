"""Files: sent once, kept, fetched and sent again by their id; alone or as an album."""

from typing import Any

from bot.sandbox import media, pictures
from bot.sandbox.errors import Refusal, bad
from bot.sandbox.files import MOST_BYTES_DOWN, StoredFile
from bot.sandbox.messages import Wire
from bot.sandbox.methods.registry import Methods, Params
from bot.sandbox.methods.talk import captioned, refuse_parts, send
from bot.sandbox.town import Town
from bot.sandbox.values import Upload

FILES = Methods()

OFFERED_MEDIA = ("photo", "document")


def send_one(town: Town, params: Params, file: StoredFile, content: Wire) -> Wire:
    town.open_chat(params["chat_id"], content)
    sent = send(town, params, content)
    town.files.keep(file)
    return sent


@FILES.offer
def send_photo(town: Town, params: Params) -> Wire:
    words = captioned(params) | looks(params)
    file = town.files.get(params["photo"], "photo")
    return send_one(town, params, file, {**media.shown(file), **words})


def looks(params: Params) -> Wire:
    """How a photo is shown: veiled, its caption above it."""
    veiled = {"has_media_spoiler": True} if params.get("has_spoiler") else {}
    return {**veiled, **({ABOVE: True} if params.get(ABOVE) else {})}


ABOVE = "show_caption_above_media"


@FILES.offer
def send_document(town: Town, params: Params) -> Wire:
    words = captioned(params)
    file = town.files.get(params["document"], "document")
    return send_one(town, params, file, {**media.shown(file), **words})


@FILES.offer
def send_voice(town: Town, params: Params) -> Wire:
    """What is no OGG, MP3 or M4A arrives as a document, as with Telegram."""
    words, given = captioned(params), params["voice"]
    odd = isinstance(given, Upload) and pictures.voice_type(given.content) is None
    file = town.files.get(given, "document" if odd else "voice")
    told = {"duration": params["duration"]} if params.get("duration") and not odd else {}
    return send_one(town, params, file, {**media.shown(file, **told), **words})


@FILES.offer
def send_media_group(town: Town, params: Params) -> list[Wire]:
    """All of them or, if one is refused, none."""
    items: list[Params] = params["media"]
    check_together(items)
    parts = [album_part(town, one, number) for number, one in enumerate(items, start=1)]
    town.open_chat(params["chat_id"], parts[0][1])
    album = {"media_group_id": town.next_album()}
    return [send_one(town, params, file, {**album, **content}) for file, content in parts]


def check_together(items: list[Params]) -> None:
    kinds = [one["type"] for one in items]
    for kind in kinds:
        if kind in {"document", "audio"} and len(set(kinds)) > 1:
            raise bad(f"{kind} can't be mixed with other media types")
    if len({bool(one.get(ABOVE)) for one in items}) > 1:
        raise bad(f"parameter {ABOVE} must be the same for all messages")


def album_part(town: Town, item: Params, number: int) -> tuple[StoredFile, Wire]:
    try:
        return part(town, item)
    except Refusal as refusal:
        reason = refusal.description.removeprefix("Bad Request: ")
        if not reason.isupper():
            raise
        raise bad(f'failed to send message #{number} with the error message "{reason}"') from None


def part(town: Town, item: Params) -> tuple[StoredFile, Wire]:
    """One InputMedia as its file, not yet kept, and the content of a message."""
    kind = item["type"]
    if kind not in OFFERED_MEDIA:
        raise bad(f'can\'t parse InputMedia: the sandbox sends no media of type "{kind}"')
    words = captioned(item) | looks(item)
    refuse_parts(item)
    file = town.files.get(item["media"], kind)
    return file, {**media.shown(file), **words}


@FILES.offer
def get_file(town: Town, params: Params) -> dict[str, Any]:
    file = town.files.by_id(params["file_id"])
    if file is None:
        raise bad("wrong file_id or the file is temporarily unavailable")
    if len(file.content) > MOST_BYTES_DOWN:
        raise bad("file is too big")
    return {**media.base(file), "file_path": file.path}
