"""What Telegram was told about the bot is compared with what it needs; each difference is named."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from aiogram.types import ChatFullInfo, ChatMemberMember, ChatPermissions, User
from pydantic import SecretStr

from bot import standing
from bot.intake import ALLOWED
from bot.preparing import telegram
from bot.sandbox import Fault, Sandbox
from bot.sandbox.hook import Hook
from bot.settings import Settings
from tests.world import HOOK_SECRET, TOKEN

URL = "http://127.0.0.1:9/updates"


@dataclass
class Telegram:
    """A town, and settings that fit it."""

    sandbox: Sandbox
    group: int
    address: str

    async def problems(self, **settings: Any) -> list[str]:
        given = {
            "token": SecretStr(TOKEN),
            "api_url": self.address,
            "staff_chat": self.group,
            "webhook_secret": SecretStr(HOOK_SECRET),
        }
        bot = telegram(Settings.model_construct(**{**given, **settings}))
        try:
            return await standing.problems(bot, Settings.model_construct(**{**given, **settings}))
        finally:
            await bot.session.close()

    def bring_to(self, url: str, allowed: list[str]) -> None:
        self.sandbox.town.bot.mailbox.allow(allowed)
        self.sandbox.webhook.put_up(Hook(url))


@pytest.fixture
async def there() -> AsyncIterator[Telegram]:
    sandbox = Sandbox(token=TOKEN)
    maria = sandbox.town.add_person("Maria", "bg").id
    group = sandbox.town.add_group("Бюро – екип", [maria]).id
    sandbox.town.bot.mailbox.drop_all()
    async with sandbox.serve() as address:
        yield Telegram(sandbox, group, address)


async def test_a_bot_that_polls_and_is_in_its_group_is_right(there: Telegram) -> None:
    there.sandbox.town.bot.mailbox.allow(list(ALLOWED))

    assert await there.problems() == []


async def test_a_bot_behind_its_webhook_is_right(there: Telegram) -> None:
    there.bring_to(URL, list(ALLOWED))

    assert await there.problems(webhook_url=URL) == []


async def test_updates_that_are_brought_elsewhere_or_nowhere_are_named(there: Telegram) -> None:
    nowhere = await there.problems(webhook_url=URL)
    there.bring_to("http://127.0.0.1:9/other", list(ALLOWED))
    elsewhere = await there.problems(webhook_url=URL)

    named = "BUREAU_WEBHOOK_URL: Telegram brings updates elsewhere, or nowhere."
    assert [[one[: len(named)] for one in found] for found in (nowhere, elsewhere)] == [[named]] * 2


async def test_a_webhook_nobody_wants_any_more_is_named(there: Telegram) -> None:
    there.bring_to(URL, list(ALLOWED))

    [named] = await there.problems()

    assert named.startswith("BUREAU_WEBHOOK_URL is not set, but Telegram brings updates to")


@pytest.mark.parametrize("missing", ALLOWED)
async def test_each_kind_of_update_that_is_not_sent_is_named(there: Telegram, missing: str) -> None:
    there.bring_to(URL, [one for one in ALLOWED if one != missing])

    assert await there.problems(webhook_url=URL) == [
        f"Telegram does not send {missing}. `bureau-bot run` asks for it."
    ]


async def test_many_updates_that_wait_are_named(there: Telegram) -> None:
    for number in range(101):
        there.sandbox.town.inject({"poll": {"id": str(number)}})

    assert await there.problems() == ["101 updates wait at Telegram: is the bot running?"]


async def test_what_telegram_could_not_bring_is_named_with_its_reason(there: Telegram) -> None:
    there.bring_to(URL, list(ALLOWED))
    moment = int(datetime(2026, 11, 30, 7, 0, tzinfo=UTC).timestamp())
    there.sandbox.webhook.last_error = (moment, "Connection refused")

    [named] = await there.problems(webhook_url=URL)

    assert named == (
        "BUREAU_WEBHOOK_URL: at 2026-11-30T07:00+00:00 Telegram could not bring an update:"
        " Connection refused."
    )


async def test_a_token_telegram_does_not_know_is_named(there: Telegram) -> None:
    [named] = await there.problems(token=SecretStr("2:zq7-secret"))

    assert named.startswith("BUREAU_TOKEN: Telegram does not know this token.")
    assert "zq7" not in named


async def test_a_telegram_that_cannot_be_reached_is_named(there: Telegram) -> None:
    away = await there.problems(api_url="http://127.0.0.1:9")
    there.sandbox.expect_fault(Fault("getWebhookInfo", "502-html"))
    broken = await there.problems()

    assert [[one[:48] for one in found] for found in (away, broken)] == [
        ["BUREAU_API_URL: Telegram cannot be reached (Tele"],
        ["BUREAU_API_URL: Telegram cannot be reached (Clie"],
    ]


async def test_a_missing_or_strange_staff_group_is_named(there: Telegram) -> None:
    missing = await there.problems(staff_chat=None)
    strange = await there.problems(staff_chat=-100_999)
    there.sandbox.town.set_bot_status(there.group, "kicked")
    thrown_out = await there.problems()

    assert missing == ["BUREAU_STAFF_CHAT is missing: the id of the staff group."]
    not_there = ["BUREAU_STAFF_CHAT: the bot is not in this group. Add it there."]
    assert (strange, thrown_out) == (not_there, not_there)


async def test_a_bot_that_was_muted_in_its_group_is_named(there: Telegram) -> None:
    there.sandbox.town.mute_bot(there.group)

    assert await there.problems() == [
        "BUREAU_STAFF_CHAT: the bot may not write in this group. Let it."
    ]


async def test_a_private_chat_as_the_staff_group_is_named(there: Telegram) -> None:
    maria = next(iter(there.sandbox.town.people))
    there.sandbox.town.type(maria, "/start")

    [*_, named] = await there.problems(staff_chat=maria)

    assert named.startswith("BUREAU_STAFF_CHAT: this is no group.")


# What the town has no buttons for

US = User(id=1, is_bot=True, first_name="Bureau")
MEMBER = ChatMemberMember(user=US)


def place(**more: Any) -> ChatFullInfo:
    usual = {"id": -1001, "type": "supergroup", "title": "Team", "accent_color_id": 0}
    return ChatFullInfo.model_validate(
        {**usual, "max_reaction_count": 1, "accepted_gift_types": GIFTS, **more}
    )


GIFTS = dict.fromkeys(
    (
        "unlimited_gifts",
        "limited_gifts",
        "unique_gifts",
        "premium_subscription",
        "gifts_from_channels",
    ),
    False,
)


def test_a_bot_that_hears_everything_in_its_groups_is_named() -> None:
    found = [
        list(standing._of_me(US.model_copy(update={"can_read_all_group_messages": hears})))
        for hears in (False, True)
    ]

    assert [len(one) for one in found] == [0, 1]
    assert "/setprivacy" in found[1][0]


def test_a_public_staff_group_is_named() -> None:
    [named] = standing._of_place(place(username="bureau"), MEMBER)

    assert named.startswith("this group is public.")


def test_a_group_in_which_only_administrators_write_is_named() -> None:
    silent = place(permissions=ChatPermissions(can_send_messages=False))
    open_to_all = place(permissions=ChatPermissions(can_send_messages=True))

    assert [list(standing._of_place(one, MEMBER)) for one in (open_to_all, silent)] == [
        [],
        ["only administrators may write in this group. Make the bot one."],
    ]
