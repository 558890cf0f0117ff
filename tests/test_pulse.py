"""Health and figures tell the truth, in words a person understands, and nothing about anybody."""

from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import update

from bot import pulse
from bot.pulse import Pulse, Signs
from storage.tables import Delivery, DeliveryState
from tests.catalogue.inbound import CANARY, OLENA, town
from tests.core import Town
from tests.world import Ground

Figures = Mapping[tuple[str, tuple[str, ...]], float]


@pytest.fixture(params=["polling", "webhook"])
async def here(
    request: pytest.FixtureRequest, ground: Ground, tmp_path: Path
) -> AsyncIterator[Town]:
    async with town(ground, tmp_path, request.param) as made:
        yield made


async def opened(here: Town, path: str) -> tuple[int, str]:
    """What a page of the bot's door says."""
    async with aiohttp.ClientSession() as client, client.get(here.world.door + path) as told:
        return told.status, await told.text()


async def figures(here: Town) -> Figures:
    _, text = await opened(here, "/metrics")
    return {
        (one.name, tuple(one.labels.values())): one.value
        for family in text_string_to_metric_families(text)
        for one in family.samples
    }


async def test_a_bot_that_is_well_says_so_in_one_line(here: Town) -> None:
    status, line = await opened(here, "/health")

    assert (status, line.count("\n")) == (200, 1)
    assert line.startswith("well: the database answers, Telegram was heard 0 s ago, 0 deliveries")


async def test_the_figures_can_be_read_by_prometheus(here: Town) -> None:
    await here.write("Olena", "/menu")

    told = await figures(here)

    names = {name for name, _ in told if not name.endswith("_created")}
    assert names == {
        "bureau_updates_total",
        "bureau_update_seconds_bucket",
        "bureau_update_seconds_count",
        "bureau_update_seconds_sum",
        "bureau_webhook_pending",
        "bureau_database_up",
        "bureau_telegram_heard_seconds",
        "bureau_deliveries_due",
        "bureau_deliveries_late_seconds",
        "bureau_deliveries_parked",
        "bureau_silence_seconds",
        "bureau_sender",
    }
    assert told["bureau_updates_total", ("message", "served")] == 2
    assert told["bureau_updates_total", ("callback_query", "served")] == 1
    assert told["bureau_update_seconds_count", ("message",)] == 2
    assert (told["bureau_database_up", ()], told["bureau_sender", ()]) == (1, 1)


async def test_neither_says_anything_about_anybody(here: Town) -> None:
    await here.write("Olena", CANARY)
    here.world.sandbox.town.inject({CANARY: {"from": {"id": OLENA}}})
    here.world.sandbox.town.inject({"message": {"text": CANARY}})
    await here.settle()

    said = "".join(
        [text for path in ("/health", "/metrics") for _, text in [await opened(here, path)]]
    )

    assert [one for one in (CANARY, str(OLENA), "Olena") if one in said] == []


async def test_deliveries_that_need_a_person_and_those_that_wait_are_counted(here: Town) -> None:
    await here.can_be_written_to("Olena")
    here.world.app.postman.stop()
    for key in ("a", "b", "c"):
        await here.post("Olena", key, "erased")
    async with here.world.app.storage.begin() as session:
        parked = update(Delivery).where(Delivery.key == "a").values(state=DeliveryState.PARKED)
        await session.execute(parked)

    told = await figures(here)

    assert told["bureau_deliveries_due", ()] == 2
    assert told["bureau_deliveries_parked", ()] == 1
    assert (await opened(here, "/health"))[1].endswith("2 deliveries are due, 1 need a person.\n")


async def test_a_silence_that_telegram_asked_for_is_shown(here: Town) -> None:
    await here.told.be_silent(30)

    assert 25 < (await figures(here))["bureau_silence_seconds", ()] <= 30


async def test_a_database_that_is_gone_is_said_and_its_return_too(here: Town) -> None:
    storage = here.world.app.storage
    answers = [await opened(here, "/health")]
    async with storage.engine.begin() as connection:
        await connection.exec_driver_sql("ALTER TABLE deliveries RENAME TO gone")
    answers.append(await opened(here, "/health"))
    away = (await figures(here))["bureau_database_up", ()]
    async with storage.engine.begin() as connection:
        await connection.exec_driver_sql("ALTER TABLE gone RENAME TO deliveries")
    answers.append(await opened(here, "/health"))

    assert [status for status, _ in answers] == [200, 503, 200]
    assert (answers[1][1], away) == ("not well: the database does not answer.\n", 0)


# What a person should look at


def test_after_three_silent_minutes_of_telegram_the_bot_is_not_well() -> None:
    made = Pulse()
    made._heard_at -= pulse._DEAF_AFTER + 1
    deaf = made.health()
    made.heard()

    assert (deaf.well, deaf.line) == (False, "not well: Telegram was not heard for 181 s.")
    assert made.health().well


def test_a_delivery_that_is_late_by_minutes_is_a_worry() -> None:
    made = Pulse()
    made.signs = Signs(due=3, late=240.0)

    assert made.health().line == "not well: a delivery waits for 240 s."


def test_all_worries_are_told_at_once() -> None:
    made = Pulse(is_right=False, is_reached=False)
    made.signs = Signs(database=False, late=240.0)
    made.stumbled()

    assert made.health().line == (
        "not well: the database does not answer, Telegram does not send everything here,"
        " Telegram does not reach us, a delivery waits for 240 s."
    )


def test_a_database_that_answers_but_will_not_write_is_a_worry_until_somebody_is_served() -> None:
    made = Pulse()
    made.stumbled()
    stumbled = made.health().line
    with made.serving("message") as served:
        served.outcome = "put_off"
    still = made.health().well
    with made.serving("message") as served:
        served.outcome = "served"

    assert (stumbled, still) == ("not well: nobody can be served.", False)
    assert made.health().well


def test_what_breaks_in_the_middle_is_counted_as_failed() -> None:
    made = Pulse()

    with pytest.raises(KeyError), made.serving("message"):
        raise KeyError

    assert b'bureau_updates_total{kind="message",outcome="failed"} 1.0' in made.exposition()
