"""What the schema does not say about keyboards."""

import re
from typing import Any

from bot.sandbox.errors import bad

MOST_BUTTONS = 100
MOST_IN_A_ROW = 8
STYLES = {"danger", "success", "primary"}
NO_ACTION = {"text", "icon_custom_emoji_id", "style"}
NEEDS_A_DEAL = {"callback_game", "pay", "login_url"}  # games, payments and log-in are not offered
LINK = re.compile(r"(?:(?:https?|tg|tonsite)://)?[^\s/?#]+(?:\.[^\s/?#]+|\?)[^\s]*|tg://\S+")

Markup = dict[str, Any]


def checked(markup: Markup | None, *, private: bool) -> Markup | None:
    """The keyboard as it is kept; None when there is nothing to keep. Raises Refusal."""
    if markup is None:
        return None
    if "inline_keyboard" in markup:
        return inline(markup)
    if "keyboard" in markup:
        return replies(markup, private=private)
    only = "remove_keyboard" if "remove_keyboard" in markup else "force_reply"
    return markup if markup[only] else None


def inline(markup: Markup) -> Markup | None:
    rows = [row for row in markup["inline_keyboard"] if row]
    sizes(rows)
    for row in rows:
        for button in row:
            inline_button(button)
    return {**markup, "inline_keyboard": rows} if rows else None


def sizes(rows: list[list[Markup]]) -> None:
    if sum(len(row) for row in rows) > MOST_BUTTONS:
        raise bad("reply markup is too long")
    if any(len(row) > MOST_IN_A_ROW for row in rows):
        raise bad("too many buttons in a row of the reply markup")


def inline_button(button: Markup) -> None:
    actions = button.keys() - NO_ACTION
    if not actions:
        raise bad(
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
        )
    if len(actions) > 1:
        raise bad("can't parse inline keyboard button: exactly one action is allowed")
    looks(button)
    if actions & NEEDS_A_DEAL:
        raise bad("BUTTON_TYPE_INVALID")
    url = button.get("url")
    if url is not None and LINK.fullmatch(url) is None:
        raise bad(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")
    web_app = button.get("web_app")
    if web_app is not None and not web_app["url"].startswith("https://"):
        raise bad(
            f"inline keyboard button Web App URL '{web_app['url']}' is invalid: "
            "Only HTTPS links are allowed"
        )


def looks(button: Markup) -> None:
    if not button["text"].strip():
        raise bad("BUTTON_TEXT_INVALID")
    if button.get("style", "danger") not in STYLES:
        raise bad("can't parse inline keyboard button: invalid button style specified")


def replies(markup: Markup, *, private: bool) -> Markup:
    rows = [row for row in markup["keyboard"] if row]
    if not rows:
        raise bad("reply keyboard markup must be non-empty")
    if any(len(row) > 12 for row in rows) or sum(len(row) for row in rows) > 300:
        raise bad("reply markup is too long")
    for row in rows:
        for button in row:
            reply_button(button, private=private)
    return {**markup, "keyboard": rows}


def reply_button(button: Markup, *, private: bool) -> None:
    if len(button.keys() - NO_ACTION) > 1:
        raise bad("can't parse keyboard button: at most one action is allowed")
    looks(button)
    if button.get("request_contact") and not private:
        raise bad("phone number can be requested in private chats only")
    if button.get("request_location") and not private:
        raise bad("location can be requested in private chats only")
