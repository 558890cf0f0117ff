"""Telegram is told where the bot is, watched whether it remembers, and told again if not."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from bot.intake import ALLOWED, TokenRefusedError
from bot.sandbox.hook import Hook
from bot.webhook import Entrance, Webhook
from tests.catalogue.inbound import town
from tests.core import Town
from tests.world import HOOK_SECRET, Ground

ELSEWHERE = "http://127.0.0.1:9/elsewhere"


@pytest.fixture
async def behind(ground: Ground, tmp_path: Path) -> AsyncIterator[Town]:
    """The town with the bot behind its door."""
    async with town(ground, tmp_path, "webhook") as made:
        yield made


def watch_of(here: Town) -> Webhook:
    """The one who watches over the bot's webhook."""
    assert isinstance(here.world.app.receiver, Webhook)
    return here.world.app.receiver


def told(here: Town) -> dict[str, Any]:
    """What Telegram knows of the bot's webhook."""
    bot = here.world.sandbox.town.bot
    return {
        "url": bot.webhook.hook and bot.webhook.hook.url,
        "secret": bot.webhook.hook and bot.webhook.hook.secret,
        "allowed": bot.mailbox.allowed,
    }


def right(here: Town) -> dict[str, Any]:
    return {
        "url": f"{here.world.door}/updates",
        "secret": HOOK_SECRET,
        "allowed": list(ALLOWED),
    }


async def alarms(here: Town) -> list[str]:
    return sorted({one.key.split(":")[1] for one in await here.outbox("alarm")})


def health(here: Town) -> str:
    return here.world.app.door.pulse.health().line


async def look(here: Town) -> None:
    """A minute has passed; of Telegram's one change a second we need not wait for the rest."""
    here.world.sandbox.webhook.next_change = 0.0
    await watch_of(here)._look()


async def test_telegram_is_told_where_the_bot_is_what_it_wants_and_the_secret(
    behind: Town,
) -> None:
    assert told(behind) == right(behind)


async def test_while_all_is_right_nobody_is_warned_and_nothing_is_told_again(behind: Town) -> None:
    for _ in range(5):
        await look(behind)

    assert (len(behind.calls("setWebhook")), await alarms(behind)) == (1, [])
    assert health(behind).startswith("well: ")


async def _remove(here: Town) -> None:
    here.world.sandbox.webhook.put_up(None)


async def _move(here: Town) -> None:
    here.world.sandbox.webhook.put_up(Hook(ELSEWHERE))


async def _forget_presses(here: Town) -> None:
    here.world.sandbox.town.bot.mailbox.allow(["message", "my_chat_member"])


async def _forget_what_is_wanted(here: Town) -> None:
    here.world.sandbox.town.bot.mailbox.allow([])


@pytest.mark.parametrize("change", [_remove, _move, _forget_presses, _forget_what_is_wanted])
async def test_what_somebody_changed_is_seen_rung_and_put_right(behind: Town, change: Any) -> None:
    await change(behind)

    await look(behind)

    assert told(behind) == right(behind)
    assert await alarms(behind) == ["webhook_gone"]
    await behind.write("Olena", "/menu")
    assert len(behind.said("Olena")) == 2


async def test_health_says_it_while_telegram_cannot_be_told(behind: Town) -> None:
    await _remove(behind)
    behind.fault("setWebhook", "500", times=1)
    looking = asyncio.ensure_future(look(behind))
    await behind.until_written(*await _first_alarm(behind))

    assert health(behind) == "not well: Telegram does not send everything here."
    looking.cancel()


async def _first_alarm(here: Town) -> tuple[str, Any]:
    async with asyncio.timeout(5):
        while not (found := await here.outbox("alarm")):  # noqa: ASYNC110  # the outbox rings no bell
            await asyncio.sleep(0.01)
    return found[0].key, lambda _: True


async def test_what_piles_up_at_telegram_is_rung_after_three_looks(behind: Town) -> None:
    behind.world.sandbox.webhook.put_up(Hook(f"{behind.world.door}/updates", "wrong"))
    seen = []
    for number in range(4):
        behind.world.sandbox.town.inject({"poll": {"id": str(number)}})
        await look(behind)
        seen.append((await alarms(behind), "Telegram does not reach us" in health(behind)))
    behind.world.sandbox.webhook.put_up(Hook(f"{behind.world.door}/updates", HOOK_SECRET))
    await behind.settle()
    await look(behind)

    assert seen == [([], False)] * 2 + [(["webhook_gone"], True)] * 2
    assert health(behind).startswith("well: ")


async def test_what_cannot_be_rung_now_is_rung_later(behind: Town) -> None:
    rung: list[int] = []

    async def alarm() -> None:
        rung.append(len(rung))
        if len(rung) == 1:
            raise OperationalError("", {}, Exception())

    watch_of(behind)._alarm = alarm  # a bell that fails once
    await _remove(behind)

    for _ in range(4):
        await look(behind)

    assert rung == [0, 1]
    assert told(behind) == right(behind)


async def test_telegram_that_is_away_does_not_end_the_watch(behind: Town) -> None:
    for kind in ("500", "502-html", "429", "401", "reset", "ok-false"):
        behind.fault("getWebhookInfo", kind, retry_after=1 if kind == "429" else None)
        await look(behind)
    await asyncio.sleep(1.0)

    await look(behind)

    assert await alarms(behind) == []


async def test_it_is_looked_at_within_five_minutes_again_and_again(behind: Town) -> None:
    here, app = Entrance(f"{behind.world.door}/updates", HOOK_SECRET), behind.world.app
    assert here.look_seconds * 3 <= 300
    watch = Webhook(
        app.bot,
        app.intake,
        app.door.pulse,
        Entrance(here.url, here.secret, look_seconds=0.05),
        alarm=watch_of(behind)._alarm,
    )
    behind.world.sandbox.webhook.next_change = 0.0
    watching = asyncio.ensure_future(watch.run())

    async with asyncio.timeout(5):
        while len(behind.calls("getWebhookInfo")) < 3:  # noqa: ASYNC110  # Telegram rings no bell
            await asyncio.sleep(0.02)
    behind.intake.stop()
    await watching

    assert len(behind.calls("setWebhook")) == 2


async def test_an_unknown_token_ends_the_work_with_one_clear_line(behind: Town) -> None:
    for kind in ("401", "404"):
        behind.world.sandbox.webhook.next_change = 0.0
        behind.fault("setWebhook", kind)
        with pytest.raises(TokenRefusedError, match="Check BUREAU_TOKEN"):
            await watch_of(behind).run()
