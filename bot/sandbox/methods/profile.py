"""How the bot presents itself: name, descriptions, commands, menu button."""

import re
from typing import Any

from bot.sandbox.bots import scope_key
from bot.sandbox.errors import bad
from bot.sandbox.methods.registry import Methods, Params
from bot.sandbox.town import Town

PROFILE = Methods()

COMMAND = re.compile(r"/?([a-z0-9_]{1,32})")
LANGUAGE = re.compile(r"[a-z]{2}")


@PROFILE.offer
def get_me(town: Town, _params: Params) -> dict[str, Any]:
    return {
        **town.bot.wire(),
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_guest_queries": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
        "has_topics_enabled": False,
        "allows_users_to_create_topics": False,
        "can_manage_bots": False,
    }


def language(params: Params) -> str:
    code: str = params.get("language_code", "")
    if code and LANGUAGE.fullmatch(code) is None:
        raise bad("invalid language code specified")
    return code


def keep(words: dict[str, str], params: Params, key: str) -> bool:
    """An empty word takes the one for this language away."""
    code, word = language(params), params.get(key, "")
    if word:
        words[code] = word
    else:
        words.pop(code, None)
    return True


def spoken(words: dict[str, str], params: Params) -> str:
    return words.get(language(params)) or words.get("", "")


@PROFILE.offer
def set_my_name(town: Town, params: Params) -> bool:
    if not language(params) and not params.get("name"):
        raise bad("bot name can't be empty")
    keep(town.bot.names, params, "name")
    return shown(town)


@PROFILE.offer
def get_my_name(town: Town, params: Params) -> dict[str, str]:
    return {"name": spoken(town.bot.names, params)}


@PROFILE.offer
def set_my_description(town: Town, params: Params) -> bool:
    keep(town.bot.descriptions, params, "description")
    return shown(town)


@PROFILE.offer
def get_my_description(town: Town, params: Params) -> dict[str, str]:
    return {"description": spoken(town.bot.descriptions, params)}


@PROFILE.offer
def set_my_short_description(town: Town, params: Params) -> bool:
    keep(town.bot.short_descriptions, params, "short_description")
    return shown(town)


@PROFILE.offer
def get_my_short_description(town: Town, params: Params) -> dict[str, str]:
    return {"short_description": spoken(town.bot.short_descriptions, params)}


def shown(town: Town) -> bool:
    town.emit("commands", {"commands": town.bot.commands_view(), "bot": town.bot.view()})
    return True


@PROFILE.offer
def set_my_commands(town: Town, params: Params) -> bool:
    place = (scope(town, params), language(params))
    commands = [command(one) for one in params["commands"]]
    if commands:
        town.bot.commands[place] = commands
    else:
        town.bot.commands.pop(place, None)
    return shown(town)


def command(given: dict[str, str]) -> dict[str, str]:
    match = COMMAND.fullmatch(given["command"])
    if match is None:
        raise bad("BOT_COMMAND_INVALID")
    if not given["description"].strip():
        raise bad("BOT_COMMAND_DESCRIPTION_INVALID")
    return {"command": match[1], "description": given["description"].strip()}


def scope(town: Town, params: Params) -> tuple[Any, ...]:
    asked = params.get("scope")
    if asked and "chat_id" in asked:
        town.known_chat(asked["chat_id"])
    return scope_key(asked)


@PROFILE.offer
def get_my_commands(town: Town, params: Params) -> list[dict[str, str]]:
    return town.bot.commands.get((scope(town, params), language(params)), [])


@PROFILE.offer
def delete_my_commands(town: Town, params: Params) -> bool:
    town.bot.commands.pop((scope(town, params), language(params)), None)
    return shown(town)


@PROFILE.offer
def set_chat_menu_button(town: Town, params: Params) -> bool:
    button = params.get("menu_button", {"type": "default"})
    town.bot.menu_buttons[menu_place(town, params)] = button
    return shown(town)


@PROFILE.offer
def get_chat_menu_button(town: Town, params: Params) -> dict[str, Any]:
    buttons = town.bot.menu_buttons
    return buttons.get(menu_place(town, params)) or buttons.get(None) or {"type": "commands"}


def menu_place(town: Town, params: Params) -> int | None:
    chat_id: int | None = params.get("chat_id")
    if chat_id is not None and not town.known_chat(chat_id).private:
        raise bad("chat is not a private chat")
    return chat_id
