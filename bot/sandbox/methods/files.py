"""Files: sent once, kept, fetched and sent again by their id."""

from bot.sandbox.errors import bad
from bot.sandbox.files import MOST_BYTES_DOWN, StoredFile
from bot.sandbox.messages import Wire
from bot.sandbox.methods.registry import Methods, Params
from bot.sandbox.methods.talk import captioned, send
from bot.sandbox.town import Town

FILES = Methods()


@FILES.offer
def send_document(town: Town, params: Params) -> Wire:
    content = captioned(params)
    town.open_chat(params["chat_id"])  # a refused message leaves no file behind
    file = the_file(town, params["document"])
    return send(town, params, {"document": document(file), **content})


def the_file(town: Town, given: object) -> StoredFile:
    file = town.files.get(given)
    if file is None:
        raise bad("wrong remote file identifier specified: can't unserialize it")
    return file


def document(file: StoredFile) -> Wire:
    return {
        "file_id": file.file_id,
        "file_unique_id": file.unique_id,
        "file_name": file.name,
        "mime_type": file.mime_type,
        "file_size": len(file.content),
    }


@FILES.offer
def get_file(town: Town, params: Params) -> Wire:
    file = town.files.by_id(params["file_id"])
    if file is None:
        raise bad("wrong file_id or the file is temporarily unavailable")
    if len(file.content) > MOST_BYTES_DOWN:
        raise bad("file is too big")
    return {
        "file_id": file.file_id,
        "file_unique_id": file.unique_id,
        "file_size": len(file.content),
        "file_path": file.path,
    }
