"""Words of danger are answered at once: before the database, in their own language, once."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from dialogs.person import AskPerson
from dialogs.staff.cards import TakeCase
from tests.core import Town, town
from tests.world import Ground, person

CRY = "my husband beats me, please help"
NUMBERS = "Call 112 now"


@pytest.fixture
async def here(ground: Ground, tmp_path: Path) -> AsyncIterator[Town]:
    async with town(ground, tmp_path) as made:
        yield made


async def test_who_is_in_danger_sees_the_numbers_and_staff_see_an_urgent_card(here: Town) -> None:
    await here.welcome("Omar", "en")

    await here.write("Omar", CRY)

    assert NUMBERS in (here.last("Omar").text or "")
    [urgent] = [one for one in here.said_to_group() if "🆘" in one]
    assert "husband" not in urgent


async def test_whoever_takes_an_urgent_card_reads_the_words_in_private(here: Town) -> None:
    await here.welcome("Omar", "en")
    await here.write("Maria", "/start")
    await here.write("Omar", CRY)

    await here.press("Maria", TakeCase)

    assert [one for one in here.said("Maria") if CRY in one] != []


async def test_words_are_answered_in_their_own_language_whatever_was_chosen(here: Town) -> None:
    await here.welcome("Omar", "bg")

    await here.write("Omar", CRY)

    assert NUMBERS in (here.last("Omar").text or "")


async def test_who_has_chosen_no_language_is_answered_and_not_stored(here: Town) -> None:
    here.knows("Omar")

    await here.write("Omar", CRY)

    assert NUMBERS in (here.last("Omar").text or "")
    assert [one for one in here.said_to_group() if "избрал език" in one] != []
    with pytest.raises(AssertionError):
        await here.visitor("Omar")


async def test_an_update_that_comes_again_shows_and_tells_nothing_twice(here: Town) -> None:
    await here.welcome("Omar", "en")
    await here.write("Omar", CRY)
    sandbox = here.world.sandbox
    shown, told = len(here.said("Omar")), len(here.said_to_group())

    sandbox.town.redeliver(sandbox.town.bot.mailbox._next_id - 1)
    await here.settle()

    assert (len(here.said("Omar")), len(here.said_to_group())) == (shown, told)


async def test_in_the_middle_of_a_flow_danger_comes_first(here: Town) -> None:
    await here.welcome("Omar", "en")
    await here.press("Omar", AskPerson)

    await here.write("Omar", CRY)

    assert NUMBERS in (here.last("Omar").text or "")


async def test_staff_who_quote_such_words_raise_no_alarm(here: Town) -> None:
    await here.write("Maria", "/start")

    await here.write("Maria", CRY)

    assert [one for one in here.said_to_group() if "🆘" in one] == []


async def test_numbers_that_telegram_does_not_take_follow_by_the_postman(here: Town) -> None:
    await here.welcome("Omar", "en")
    await here.can_be_written_to("Omar")
    here.fault("sendMessage", "500", person("Omar"))

    await here.write("Omar", CRY)
    await here.hurry()

    assert [one for one in here.said("Omar") if NUMBERS in one] != []


async def test_an_urgent_card_says_who_has_taken_it(here: Town) -> None:
    await here.welcome("Omar", "en")
    await here.write("Maria", "/start")
    await here.write("Omar", CRY)

    await here.press("Maria", TakeCase)

    [urgent] = [one for one in here.messages(here.world.group) if "🆘" in (one.text or "")]
    assert "Maria" in (urgent.text or "")
    assert list(urgent.buttons()) == []


async def test_who_cries_again_and_again_does_not_flood_the_group(here: Town) -> None:
    await here.welcome("Omar", "en")

    for _ in range(3):
        await here.write("Omar", CRY)

    assert len([one for one in here.said_to_group() if "🆘" in one]) == 1
    assert len([one for one in here.said("Omar") if NUMBERS in one]) == 3
