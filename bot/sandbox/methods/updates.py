"""How the bot hears: it asks with getUpdates, or a webhook is told."""

import ipaddress
import re
import ssl
from collections.abc import Awaitable
from contextlib import suppress
from typing import Any
from urllib.parse import SplitResult, urlsplit

from bot.sandbox.errors import Refusal, bad, too_many
from bot.sandbox.hook import LOCAL, USUAL_CONNECTIONS, Hook
from bot.sandbox.methods.registry import Methods, Params
from bot.sandbox.town import Town
from bot.sandbox.values import Upload

UPDATES = Methods()

SECRET = re.compile(r"[A-Za-z0-9_-]*")
PORTS = {443, 80, 88, 8443}
BETWEEN_WEBHOOKS = 1.0
LARGEST_CERTIFICATE = 3 * 1024 * 1024
ASKED_BESIDE_A_WEBHOOK = (
    "Conflict: can't use getUpdates method while webhook is active; "
    "use deleteWebhook to delete the webhook first"
)


@UPDATES.offer
def get_updates(town: Town, params: Params) -> Awaitable[list[dict[str, Any]]]:
    """The only method that is awaited."""
    mailbox = town.bot.mailbox
    if town.bot.webhook.hook is not None:
        raise Refusal(409, ASKED_BESIDE_A_WEBHOOK)
    if "allowed_updates" in params:
        mailbox.allow(params["allowed_updates"])
    wait = max(params.get("timeout", 0), 0)
    return mailbox.fetch(params.get("offset", 0), params.get("limit", 100), wait)


@UPDATES.offer
def set_webhook(town: Town, params: Params) -> bool:
    """What was set before is gone, whatever is wrong with the new one: so it is with Telegram."""
    if not params["url"]:
        delete_webhook(town, params)
        return True
    not_too_often(town)
    if not is_up_already(town, params):
        town.bot.mailbox.displace(Refusal(409, "Conflict: terminated by setWebhook request"))
        delete_webhook(town, params)
        town.bot.webhook.put_up(wanted_hook(params))
    if "allowed_updates" in params:
        town.bot.mailbox.allow(params["allowed_updates"])
    return True


def is_up_already(town: Town, params: Params) -> bool:
    """The same once more disturbs nothing that is on its way."""
    hook = town.bot.webhook.hook
    if hook is None or hook.certificate or params.get("drop_pending_updates"):
        return False
    with suppress(Refusal):
        return "certificate" not in params and hook == wanted_hook(params)
    return False


def not_too_often(town: Town) -> None:
    now = town.bot.mailbox.now()
    if now < town.bot.webhook.next_change:
        raise too_many(1)
    town.bot.webhook.next_change = now + BETWEEN_WEBHOOKS


def wanted_hook(params: Params) -> Hook:
    url = split(params["url"])
    secret = params.get("secret_token", "")
    if not SECRET.fullmatch(secret):
        raise bad("secret token contains illegal characters")
    certificate = checked_certificate(params.get("certificate"))
    check_way(url)
    return Hook(
        url.geturl(),
        secret,
        params.get("max_connections", USUAL_CONNECTIONS),
        checked_address(params.get("ip_address", "")) or home(url),
        certificate,
    )


def split(url: str) -> SplitResult:
    """Without a scheme Telegram takes https."""
    try:
        parts = urlsplit(url if "://" in url else f"https://{url}")
        known = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:
        known = False
    if not known or re.search(r"\s", url):
        raise bad("invalid webhook URL specified")
    return parts


def check_way(url: SplitResult) -> None:
    """On this machine any port will do, and http as well: the sandbox's only indulgence."""
    if url.hostname in LOCAL:
        return
    if url.scheme != "https":
        raise bad("bad webhook: An HTTPS URL must be provided for webhook")
    if (url.port or 443) not in PORTS:
        raise bad("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")


def home(url: SplitResult) -> str:
    return "127.0.0.1" if url.hostname in LOCAL else ""


def checked_address(address: str) -> str:
    try:
        return str(ipaddress.IPv4Address(address)) if address else ""
    except ValueError:
        raise bad("bad webhook: Invalid IP address specified") from None


def checked_certificate(upload: Upload | None) -> bytes:
    if upload is None:
        return b""
    if len(upload.content) > LARGEST_CERTIFICATE:
        size = len(upload.content)
        raise bad(f"certificate size is too big ({size} bytes)")
    try:
        ssl.create_default_context(cadata=upload.content.decode("ascii"))
    except (ssl.SSLError, ValueError):
        raise bad("bad webhook: Can't create an SSL context: certificate is not valid") from None
    return upload.content


@UPDATES.offer
def delete_webhook(town: Town, params: Params) -> bool:
    town.bot.webhook.put_up(None)
    if params.get("drop_pending_updates"):
        town.bot.mailbox.drop_all()
    return True


@UPDATES.offer
def get_webhook_info(town: Town, _params: Params) -> dict[str, Any]:
    mailbox = town.bot.mailbox
    hook = town.bot.webhook.hook
    info = {
        "url": hook.url if hook else "",
        "has_custom_certificate": bool(hook and hook.certificate),
        "pending_update_count": len(mailbox.queue),
        **town.bot.webhook.told(),
    }
    return {**info, "allowed_updates": mailbox.allowed} if mailbox.allowed else info
