"""How the Bot API shows a photo, a recording or a file inside a message."""

from typing import Any

from bot.sandbox import pictures
from bot.sandbox.files import StoredFile, smaller

Wire = dict[str, Any]

# What may stand in a message instead of text; the first that is there names the message.
CAPTIONED = ("photo", "video", "audio", "document", "voice")
UNCAPTIONED = ("video_note", "sticker")
MEDIA = (*CAPTIONED, *UNCAPTIONED)
CAPTION = ("caption", "caption_entities", "show_caption_above_media")
UNKNOWN_SIZE = (320, 320)  # of what is no picture: nobody here looks into a video


def shown(file: StoredFile, **more: Any) -> Wire:
    """The part of a message that holds the file, under the name of its kind."""
    if file.kind == "photo":
        sizes = [one for one in (smaller(file), file) if one]
        return {"photo": [{**base(one), **sides(one)} for one in sizes]}
    return {file.kind: {**base(file), **PARTS[file.kind](file), **more}}


def base(file: StoredFile) -> Wire:
    return {
        "file_id": file.file_id,
        "file_unique_id": file.unique_id,
        "file_size": len(file.content),
    }


def sides(file: StoredFile) -> Wire:
    width, height = file.size or UNKNOWN_SIZE
    return {"width": width, "height": height}


def named(file: StoredFile) -> Wire:
    return {"file_name": file.name, "mime_type": file.mime_type}


def voice(file: StoredFile) -> Wire:
    kind = pictures.voice_type(file.content) or file.mime_type
    return {"duration": pictures.seconds(file.content), "mime_type": kind}


def video(file: StoredFile) -> Wire:
    return {**sides(file), "duration": 1, **named(file)}


def video_note(file: StoredFile) -> Wire:
    return {"length": sides(file)["width"], "duration": 1}


def audio(file: StoredFile) -> Wire:
    return {"duration": pictures.seconds(file.content), **named(file)}


def sticker(file: StoredFile) -> Wire:
    return {**sides(file), "type": "regular", "is_animated": False, "is_video": False}


PARTS = {
    "document": named,
    "voice": voice,
    "video": video,
    "video_note": video_note,
    "audio": audio,
    "sticker": sticker,
}


def kind_of(message: Wire) -> str | None:
    """The kind of file a message holds."""
    return next((kind for kind in MEDIA if kind in message), None)
