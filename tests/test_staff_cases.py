"""A question in the hands of the staff: given on, given back, answered in two presses, listed."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from dialogs.first import Grown, Nameless
from dialogs.legal import Book, Days, Hold, Times
from dialogs.person import AskPerson, TakeBack
from dialogs.staff.cards import TakeCase
from dialogs.staff.cases import Close, ReadyAnswers, Release, ToWhom
from dialogs.staff.handing import HandOver
from dialogs.staff.ready import ReadyAnswer, SendReady
from dialogs.welcome import Languages, Speak
from tests.core import Town, town
from tests.world import MONDAY, Ground, person

QUESTION = "zq7 my landlord wants me out"


@pytest.fixture
async def here(ground: Ground, tmp_path: Path) -> AsyncIterator[Town]:
    """Olena has asked, Maria has taken it, Georgi can be written to."""
    async with town(ground, tmp_path) as made:
        for name in ("Maria", "Georgi"):
            await made.write(name, "/start")
        await made.welcome("Olena")
        await made.press_all("Olena", AskPerson, Grown)
        await made.write("Olena", "/person")
        await made.write("Olena", QUESTION)
        await made.press("Maria", TakeCase)
        yield made


def holding(here: Town, name: str, words: str) -> int:
    """How many messages on this phone hold these words now."""
    return sum(words in one for one in here.said(name))


async def test_the_words_move_to_the_colleague_who_gets_the_question(here: Town) -> None:
    before = holding(here, "Maria", QUESTION)

    await here.press_all("Maria", ToWhom, HandOver)

    moved = holding(here, "Maria", QUESTION), holding(here, "Georgi", QUESTION)
    assert (before, moved) == (1, (0, 1))
    assert "Georgi" in here.said_to_group()[-1]


async def test_the_visitor_is_answered_by_whoever_has_the_question_now(here: Town) -> None:
    await here.press_all("Maria", ToWhom, HandOver)
    letter = here.button("Georgi", Close)

    here.world.sandbox.town.type(person("Georgi"), "Come at ten.", reply_to=letter.message_id)
    await here.settle()

    assert holding(here, "Olena", "Come at ten.") == 1


async def test_a_reply_to_what_one_had_goes_nowhere(here: Town) -> None:
    letter = here.button("Maria", Close)
    await here.press_all("Maria", ToWhom, HandOver)

    here.world.sandbox.town.type(person("Maria"), "Come at ten.", reply_to=letter.message_id)
    await here.settle()

    assert holding(here, "Olena", "Come at ten.") == 0
    assert "Нищо не е изпратено" in (here.last("Maria").text or "")


async def test_a_released_question_is_on_its_card_again_and_nowhere_else(here: Town) -> None:
    await here.press("Maria", Release)
    left = holding(here, "Maria", QUESTION)

    await here.press("Georgi", TakeCase)

    assert (left, holding(here, "Georgi", QUESTION)) == (0, 1)


async def test_a_question_taken_and_left_alone_comes_back_to_the_group(here: Town) -> None:
    await here.world.move(MONDAY + timedelta(hours=5))

    again = [one for one in here.said_to_group() if one.startswith("⏰")]
    assert (len(again), holding(here, "Maria", QUESTION)) == (1, 0)


async def test_a_ready_answer_is_chosen_in_bulgarian_and_read_in_the_visitors_language(
    here: Town,
) -> None:
    await here.press_all("Maria", ReadyAnswers, ReadyAnswer)
    seen = here.last("Maria").text

    await here.press("Maria", SendReady)

    assert "Бюрото работи в работни дни" in (seen or "")
    assert holding(here, "Olena", "The bureau is open on working days") == 1
    assert "{" not in (here.last("Olena").text or "")
    assert holding(here, "Maria", "✓") == 1


async def test_an_answer_is_read_in_the_language_chosen_meanwhile(here: Town) -> None:
    await here.press_all("Maria", ReadyAnswers, ReadyAnswer)
    await here.write("Olena", "/menu")
    await here.press("Olena", Languages)
    await here.press("Olena", Speak, code="bg")

    await here.press("Maria", SendReady)

    assert holding(here, "Olena", "Бюрото работи в работни дни") == 1


async def test_what_is_taken_back_disappears_from_the_phone_of_the_staff(here: Town) -> None:
    await here.press("Olena", TakeBack)

    assert (holding(here, "Maria", QUESTION), holding(here, "Maria", "↩️")) == (0, 1)
    assert "Въпросът е приключен." in here.said_to_group()[-1]


async def test_what_was_answered_offers_no_way_back(here: Town) -> None:
    letter = here.button("Maria", Close)
    here.world.sandbox.town.type(person("Maria"), "Come at ten.", reply_to=letter.message_id)
    await here.settle()

    await here.press("Olena", TakeBack)
    popup = here.popups[-1]
    await here.write("Olena", "/person")

    assert popup == "This was answered or deleted already."
    assert holding(here, "Maria", QUESTION) == 1
    assert [one for one in here.buttons(person("Olena")) if isinstance(one.to, TakeBack)] == []


async def test_the_lists_name_what_is_open_and_never_who_or_what(here: Town) -> None:
    await here.press("Maria", Release)
    await here.write("Olena", "/menu")
    await here.press_all("Olena", Days, Times, Hold, Nameless, Book)

    await here.world.move(MONDAY + timedelta(hours=8))
    [evening] = [one for one in here.said_to_group() if one.startswith("🌆")]
    await here.world.move(MONDAY + timedelta(hours=24))
    [morning] = [one for one in here.said_to_group() if one.startswith("🌅")]

    [case] = [one for one in here.said_to_group() if one.startswith("💬")]
    line = case.splitlines()[0]
    assert [line[:10] in one for one in (evening, morning)] == [True, True]
    assert [one for one in (evening, morning) if "zq7" in one or "Olena" in one] == []


async def test_a_question_is_taken_from_the_list(here: Town) -> None:
    await here.press("Maria", Release)
    await here.world.move(MONDAY + timedelta(hours=8))
    [evening] = [
        one for one in here.messages(here.world.group) if (one.text or "").startswith("🌆")
    ]

    [button] = evening.buttons()
    here.world.sandbox.town.press(
        person("Georgi"),
        evening.message_id,
        data=str(button["callback_data"]),
        chat_id=here.world.group,
    )
    await here.settle()

    assert holding(here, "Georgi", QUESTION) == 1


async def test_a_day_that_leaves_nothing_behind_ends_in_silence(
    ground: Ground, tmp_path: Path
) -> None:
    async with town(ground, tmp_path) as made:
        await made.world.move(MONDAY + timedelta(hours=48))

        assert made.said_to_group() == []
        assert len(await made.outbox("list_evening")) == 2


async def test_words_that_are_edited_change_on_the_phone_of_the_staff(here: Town) -> None:
    asked = next(
        one for one in here.world.sandbox.town.messages(person("Olena")) if one.text == QUESTION
    )

    here.world.sandbox.town.edit(person("Olena"), asked.message_id, "zq7 it was the neighbour")
    await here.settle()

    assert holding(here, "Maria", QUESTION) == 0
    assert holding(here, "Maria", "zq7 it was the neighbour") == 1
    assert not any("neighbour" in one for one in here.said_to_group())


async def test_other_words_that_are_edited_change_nothing(here: Town) -> None:
    before = here.said("Olena")
    first = here.world.sandbox.town.messages(person("Olena"))[0]

    here.world.sandbox.town.edit(person("Olena"), first.message_id, "zq7 something else")
    await here.settle()

    assert here.said("Olena") == before
    assert holding(here, "Maria", "zq7 something else") == 0


async def test_words_that_speak_of_danger_only_when_edited_are_answered(here: Town) -> None:
    first = here.world.sandbox.town.messages(person("Olena"))[0]

    here.world.sandbox.town.edit(person("Olena"), first.message_id, "my husband beats me, help")
    await here.settle()

    assert any("112" in one for one in here.said("Olena"))
    assert any(one.startswith("🆘") for one in here.said_to_group())


async def test_an_answer_that_is_edited_changes_in_the_visitors_chat(here: Town) -> None:
    letter = here.button("Maria", Close)
    sent = here.world.sandbox.town.type(person("Maria"), "Come at ten.", reply_to=letter.message_id)
    await here.settle()

    here.world.sandbox.town.edit(person("Maria"), sent.message_id, "Come at eleven.")
    await here.settle()

    assert holding(here, "Olena", "Come at ten.") == 0
    assert holding(here, "Olena", "Come at eleven.") == 1
    assert holding(here, "Maria", "✓") == 1


async def test_an_answer_edited_after_the_question_was_closed_stays_as_it_was_read(
    here: Town,
) -> None:
    letter = here.button("Maria", Close)
    sent = here.world.sandbox.town.type(person("Maria"), "Come at ten.", reply_to=letter.message_id)
    await here.settle()
    await here.press("Maria", Close)

    here.world.sandbox.town.edit(person("Maria"), sent.message_id, "Come at eleven.")
    await here.settle()

    assert holding(here, "Olena", "Come at ten.") == 1


async def test_an_answer_that_never_arrived_is_not_sent_by_editing_it(here: Town) -> None:
    letter = here.button("Maria", Close)
    here.world.sandbox.town.block(person("Olena"))
    sent = here.world.sandbox.town.type(person("Maria"), "Come at ten.", reply_to=letter.message_id)
    await here.settle()
    here.world.sandbox.town.unblock(person("Olena"))

    here.world.sandbox.town.edit(person("Maria"), sent.message_id, "Come at eleven.")
    await here.settle()

    assert holding(here, "Maria", "✗") == 1
    assert holding(here, "Olena", "Come at") == 0


async def test_numbers_in_edited_words_are_hidden_like_in_the_first(here: Town) -> None:
    asked = next(
        one for one in here.world.sandbox.town.messages(person("Olena")) if one.text == QUESTION
    )

    here.world.sandbox.town.edit(person("Olena"), asked.message_id, "zq7 my number is 8501011234")
    await here.settle()

    assert holding(here, "Maria", "••••••••••") == 1
    assert holding(here, "Maria", "8501011234") == 0
