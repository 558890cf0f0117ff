"""How the bot hears: getUpdates, and the webhook it does not have."""

from collections.abc import Awaitable
from typing import Any

from bot.sandbox.methods.registry import Methods, Params
from bot.sandbox.town import Town

UPDATES = Methods()


@UPDATES.offer
def get_updates(town: Town, params: Params) -> Awaitable[list[dict[str, Any]]]:
    """The only method that is awaited."""
    mailbox = town.bot.mailbox
    if "allowed_updates" in params:
        mailbox.allowed = params["allowed_updates"]
    wait = max(params.get("timeout", 0), 0)
    return mailbox.fetch(params.get("offset", 0), params.get("limit", 100), wait)


@UPDATES.offer
def delete_webhook(town: Town, params: Params) -> bool:
    if params.get("drop_pending_updates"):
        town.bot.mailbox.drop_all()
    return True


@UPDATES.offer
def get_webhook_info(town: Town, _params: Params) -> dict[str, Any]:
    mailbox = town.bot.mailbox
    info = {
        "url": "",
        "has_custom_certificate": False,
        "pending_update_count": len(mailbox.queue),
    }
    return {**info, "allowed_updates": mailbox.allowed} if mailbox.allowed else info
