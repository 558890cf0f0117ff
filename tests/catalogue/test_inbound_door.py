"""Whoever comes to the bot's door and is not Telegram, or says too much, keeps nobody waiting."""

import asyncio
import gzip
import json
import logging
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from statistics import quantiles
from time import monotonic

import pytest

from bot.webhook import LARGEST_UPDATE
from tests.catalogue.inbound import (
    CANARY,
    KNOCK,
    SECRET_HEADER,
    courier,
    said,
    town,
    update,
)
from tests.catalogue.wire import wire
from tests.core import Town
from tests.world import HOOK_SECRET, Ground

PROOF = f"{SECRET_HEADER}: {HOOK_SECRET}\r\n".encode()


@pytest.fixture
async def behind(
    ground: Ground, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> AsyncIterator[Town]:
    """The town with the bot behind its door; all that anything logs is kept."""
    caplog.set_level(logging.INFO)
    async with town(ground, tmp_path, "webhook") as made:
        caplog.clear()
        yield made


async def asked(here: Town, *headers: bytes, body: bytes = b"") -> int:
    async with wire(here) as one:
        one.knock(*headers, f"Content-Length: {len(body)}\r\n".encode())
        one.say(body)
        return await one.status()


def is_quiet(caplog: pytest.LogCaptureFixture) -> bool:
    """Nothing failed, and no word of anybody was logged."""
    broken = [one for one in caplog.records if one.exc_info or one.levelno >= logging.ERROR]
    return (broken, CANARY in caplog.text) == ([], False)


# The secret


NO_PROOF = {
    "missing": b"",
    "empty": f"{SECRET_HEADER}:\r\n".encode(),
    "wrong": f"{SECRET_HEADER}: {HOOK_SECRET[:-1]}x\r\n".encode(),
    "too short": f"{SECRET_HEADER}: {HOOK_SECRET[:-1]}\r\n".encode(),
    "too long": f"{SECRET_HEADER}: {HOOK_SECRET}x\r\n".encode(),
    "very long": f"{SECRET_HEADER}: {HOOK_SECRET * 100}\r\n".encode(),
    "no ASCII": SECRET_HEADER.encode() + b": \xd1\x82\xd0\xb0\xd0\xb9\xd0\xbd\xd0\xb0\r\n",
    "no text": SECRET_HEADER.encode() + b": \x80\xff\xfe\r\n",
    "in another header": f"Authorization: {HOOK_SECRET}\r\n".encode(),
    "from our own machine, it says": b"X-Forwarded-For: 127.0.0.1\r\n",
    "from Telegram, it says": b"X-Forwarded-For: 149.154.167.220, 10.0.0.1\r\n"
    b"X-Real-IP: 149.154.167.220\r\nForwarded: for=149.154.167.220\r\n",
}


async def test_whoever_cannot_prove_to_be_telegram_is_not_listened_to(
    behind: Town, caplog: pytest.LogCaptureFixture
) -> None:
    body, before = json.dumps(said(behind, CANARY)).encode(), behind.said("Olena")

    answered = {name: await asked(behind, one, body=body) for name, one in NO_PROOF.items()}

    assert answered == dict.fromkeys(NO_PROOF, 401)
    assert behind.said("Olena") == before
    assert is_quiet(caplog)


async def test_who_cannot_prove_it_is_answered_before_a_word_of_the_body_is_there(
    behind: Town,
) -> None:
    async with wire(behind) as one:
        one.knock(b"Content-Length: 200000\r\n")

        assert await one.status() == 401


async def test_a_forged_origin_does_no_harm_to_who_knows_the_secret(behind: Town) -> None:
    body = json.dumps(said(behind, "/menu")).encode()

    assert await asked(behind, PROOF, b"X-Forwarded-For: 6.6.6.6\r\n", body=body) == 200


async def test_there_is_no_other_way_in(behind: Town) -> None:
    ways = {"GET /updates": 405, "POST /": 404, "POST /updates/": 404, "POST /health": 405}
    answered = {}

    async with courier() as by_hand:
        for way in ways:
            method, path = way.split()
            url = f"{behind.world.door}{path}"
            async with by_hand.session.request(
                method, url, headers=KNOCK, json=update(poll={})
            ) as told:
                answered[way] = told.status

    assert answered == ways


# Too much


async def test_a_body_of_ten_megabytes_is_refused_before_it_comes(behind: Town) -> None:
    async with wire(behind) as one:
        one.knock(PROOF, b"Content-Length: 10485760\r\n")

        assert await one.status() == 413


async def test_a_body_that_never_ends_is_refused_when_it_is_too_large(behind: Town) -> None:
    piece = b"8000\r\n" + b"[" * 0x8000 + b"\r\n"
    async with wire(behind) as one:
        one.knock(PROOF, b"Transfer-Encoding: chunked\r\n")
        for _ in range(LARGEST_UPDATE // 0x8000 + 1):
            one.say(piece)

        assert await one.status() == 413
        assert await one.is_closed()


async def test_the_largest_body_that_is_let_in_is_read(behind: Town) -> None:
    raw = json.dumps(said(behind, "/menu")).encode()

    answered = await asked(behind, PROOF, body=raw.ljust(LARGEST_UPDATE))

    assert (answered, await asked(behind, PROOF, body=raw.ljust(LARGEST_UPDATE + 1))) == (200, 413)


async def test_what_is_packed_is_not_unpacked(behind: Town) -> None:
    """Ten megabytes fit into ten kilobytes."""
    mountain = gzip.compress(b"[" * 10_000_000)

    begun = monotonic()
    answered = await asked(behind, PROOF, b"Content-Encoding: gzip\r\n", body=mountain)

    assert (answered, monotonic() - begun < 1) == (400, True)


async def latencies(here: Town, times: int) -> Sequence[float]:
    """How long somebody else waits for an answer, again and again."""
    taken = []
    async with courier(here.world.door) as by_hand:
        for _ in range(times):
            begun = monotonic()
            await by_hand.bring(said(here, "/menu"))
            taken.append(monotonic() - begun)
    assert by_hand.answers == {200: times}
    return taken


async def test_those_who_speak_slowly_or_endlessly_keep_nobody_waiting(
    behind: Town, caplog: pytest.LogCaptureFixture
) -> None:
    usual = quantiles(await latencies(behind, 20), n=4)[1]
    slow = [asyncio.ensure_future(one(behind)) for one in (_dribble, _stop_halfway) * 40]
    await asyncio.sleep(0.2)

    now = quantiles(await latencies(behind, 20), n=4)[1]
    answered = await asyncio.gather(*slow)

    assert now < usual * 3 + 0.05
    assert set(answered) == {408, 0}
    assert is_quiet(caplog)


async def _stop_halfway(here: Town) -> int:
    """Begins to say something and never goes on: 408 after five seconds."""
    async with wire(here) as one:
        one.knock(PROOF, b"Content-Length: 1000\r\n")
        one.say(b'{"update_id": 1')
        return await one.status()


async def _dribble(here: Town) -> int:
    """Says the head of a request a sign at a time, and goes away in the middle."""
    async with wire(here) as one:
        for sign in b"POST /updates HTTP":
            one.say(bytes([sign]))
            await asyncio.sleep(0.1)
        return 0


async def test_as_many_as_telegram_may_send_at_once_are_let_in_and_no_more(behind: Town) -> None:
    async with courier(behind.world.door) as by_hand:
        inside = [asyncio.ensure_future(_stop_halfway(behind)) for _ in range(100)]
        await asyncio.sleep(0.5)
        full = await by_hand.bring(update(poll={}))
        for one in inside:
            one.cancel()
        await asyncio.gather(*inside, return_exceptions=True)
        await asyncio.sleep(0.1)
        free = await by_hand.bring(update(poll={}))

    assert (full, free) == (503, 200)


# Odd


def words(text: str) -> bytes:
    return json.dumps({"update_id": 1, "message": {"text": text}}).encode()


ODD = {
    "deep lists": (b"[" * 100_000 + b"]" * 100_000, 400),
    "deep objects": (b'{"a":' * 40_000 + b"1" + b"}" * 40_000, 400),
    "a deep message": (
        b'{"update_id": 1, "message":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        400,
    ),
    "a thousand levels": (b'{"update_id": 1, "message":' + b"[" * 990 + b"]" * 990 + b"}", 400),
    "three hundred levels": (b'{"update_id": 1, "message":' + b"[" * 300 + b"]" * 300 + b"}", 200),
    "half a sign": (words("\ud800"), 200),
    "a zero sign": (words("a\0b"), 200),
    "an enormous number": (b'{"update_id": 1, "message": {"message_id": 1%s}}' % (b"0" * 30), 200),
    "5,000 digits": (b'{"update_id": 1, "message": {"message_id": %s}}' % (b"9" * 5000), 200),
    "an update of 5,000 digits": (b'{"update_id": %s, "message": {}}' % (b"9" * 5000), 400),
    "an update below zero": (b'{"update_id": -7, "message": {}}', 400),
    "an endless number": (b'{"update_id": 1, "message": {"date": 1e999}}', 200),
    "no number": (b'{"update_id": 1, "message": {"date": NaN}}', 200),
    "no JSON": (CANARY.encode(), 400),
    "no UTF-8": (b'{"update_id": 1, "message": "\xff"}', 400),
    "nothing": (b"", 400),
    "a list": (b"[1]", 400),
    "a word": (b'"update_id"', 400),
    "an update that is a word": (b'{"update_id": "1"}', 400),
    "an update that is true": (b'{"update_id": true}', 400),
    "the same key twice": (b'{"update_id": 1, "update_id": 2, "poll": 1, "poll": 2}', 200),
}


async def test_odd_json_is_understood_or_refused_and_breaks_nothing(
    behind: Town, caplog: pytest.LogCaptureFixture
) -> None:
    answered = {name: await asked(behind, PROOF, body=body) for name, (body, _) in ODD.items()}

    assert answered == {name: status for name, (_, status) in ODD.items()}
    assert len(await latencies(behind, 1)) == 1
    assert is_quiet(caplog)


async def test_half_signs_zeros_and_enormous_numbers_are_kept_as_something_storable(
    behind: Town,
) -> None:
    """In words, names and numbers of a message that is served, not only of one that is not."""
    odd = said(behind, "residence\0permit\ud800")
    odd["message"]["from"]["first_name"] = "O\0lena\ud83d"
    odd["message"]["forward_date"] = 10**30

    async with courier(behind.world.door) as by_hand:
        answered = await by_hand.bring(odd)

    assert (answered, len(behind.said("Olena"))) == (200, 2)
