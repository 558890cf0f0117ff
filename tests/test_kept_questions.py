"""Asked in vain: kept with leave, ranked, answered for everybody, and those who wait are told."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from dialogs.answers import InTopic, NotHelped, Read
from dialogs.first import Grown
from dialogs.keeping import Keep, KeepAndTell
from dialogs.person import AskPerson, AskToKeep, GiveQuestion
from dialogs.privacy import AskErase, Erase, FullNotice, MyData, Privacy
from dialogs.staff.answer_desk import AnswerIn, StillRight, Withdraw
from dialogs.staff.cards import TakeCase
from dialogs.staff.cases import Close, Compose
from dialogs.staff.home import AnswerDesk, Unanswered
from dialogs.staff.unanswered import AnsweredBy, DropQuestion, KeptQuestion
from dialogs.staff.writing import Publish, Save
from dialogs.welcome import Speak
from storage.tables import ArticleText, Awaiting, Visitor
from storage.tables import KeptQuestion as KeptRow
from tests.core import Town, town
from tests.world import MONDAY, Ground, person

IN_VAIN = "zq7 wombat grooming licence 8501011234"
SHOWN = "zq7 wombat grooming licence ••••••••••"
TITLE = "Хора с вомбати"
BODY = "Елате в бюрото.\nЩе Ви помогнем."


@pytest.fixture
async def here(ground: Ground, tmp_path: Path) -> AsyncIterator[Town]:
    async with town(ground, tmp_path) as made:
        await made.write("Maria", "/start")
        for name in ("Olena", "Omar"):
            await made.welcome(name)
            await made.press_all(name, AskPerson, Grown)
            await made.write(name, "/menu")
        yield made


async def asks_in_vain(here: Town, name: str, words: str = IN_VAIN) -> None:
    await here.write(name, "/menu")
    await here.write(name, words)
    await here.press_all(name, AskPerson, AskToKeep)


async def rows(here: Town, kind: type) -> int:
    async with here.world.app.storage.read() as session:
        return await session.scalar(select(func.count()).select_from(kind)) or 0


async def opens_the_list(here: Town) -> str:
    await here.write("Maria", "/staff")
    await here.press("Maria", Unanswered)
    return here.last("Maria").text or ""


async def test_nothing_is_kept_without_leave(here: Town) -> None:
    await asks_in_vain(here, "Olena")

    assert SHOWN in (here.last("Olena").text or "")
    assert await rows(here, KeptRow) == 0


async def test_a_question_is_kept_masked_and_without_its_writer(here: Town) -> None:
    await asks_in_vain(here, "Olena")
    await here.press("Olena", Keep)

    assert SHOWN in await opens_the_list(here)
    assert (await rows(here, KeptRow), await rows(here, Awaiting)) == (1, 0)
    async with here.world.app.storage.read() as session:
        [kept] = await session.scalars(select(KeptRow))
        assert b"wombat" not in kept.content
        olena = await session.scalar(select(Visitor).where(Visitor.key == here.key("Olena")))
        assert olena is not None
        assert olena.chat is None  # nothing is to be told to anybody


async def test_the_words_can_still_be_given_to_a_person(here: Town) -> None:
    await asks_in_vain(here, "Olena")
    await here.press("Olena", Keep)

    leads = [type(one.to) for one in here.buttons(person("Olena"))]
    assert GiveQuestion in leads
    assert AskToKeep not in leads


async def test_one_question_is_kept_once_whatever_is_pressed(here: Town) -> None:
    await asks_in_vain(here, "Olena")
    button = here.button("Olena", Keep)
    for _ in range(3):
        await here.forge("Olena", button.data)
    await here.forge("Olena", here.button("Olena", AskPerson).data)

    assert await rows(here, KeptRow) == 1


async def test_an_answer_that_did_not_help_leads_to_the_same_offer(here: Town) -> None:
    await here.write("Olena", "how do I find a family doctor")
    await here.press_all("Olena", NotHelped, AskToKeep)

    assert "how do I find a family doctor" in (here.last("Olena").text or "")


async def test_what_is_asked_more_often_stands_first(here: Town) -> None:
    for name, words in [
        ("Olena", "zebra qqq xylophone lesson"),
        ("Omar", IN_VAIN),
        ("Olena", "zq7 wombat grooming licences"),
    ]:
        await asks_in_vain(here, name, words)
        await here.press(name, Keep)

    told = await opens_the_list(here)
    assert told.index("wombat") < told.index("zebra")


async def test_a_kept_question_becomes_an_answer_and_each_who_waits_is_told_once(
    here: Town,
) -> None:
    for name in ("Olena", "Omar"):
        await asks_in_vain(here, name)
        await here.press(name, KeepAndTell)
    await asks_in_vain(here, "Olena", "zq7 wombat grooming licences")
    await here.press("Olena", KeepAndTell)
    await opens_the_list(here)
    await here.press_all("Maria", KeptQuestion, Compose)
    await here.write("Maria", f"{TITLE}\n{BODY}")

    await here.press("Maria", Publish)

    for name in ("Olena", "Omar"):
        assert sum("Now there is one" in one for one in here.said(name)) == 1
    assert (await rows(here, KeptRow), await rows(here, Awaiting)) == (0, 0)
    await here.press("Olena", Read)
    assert "Ще Ви помогнем." in (here.last("Olena").text or "")
    assert "This text is in" in (here.last("Olena").text or "")


async def test_an_old_button_keeps_no_words_its_writer_was_not_shown(here: Town) -> None:
    await asks_in_vain(here, "Olena", "zq7 wombat one")
    old = here.button("Olena", Keep).data
    await here.write("Olena", "/menu")
    await here.write("Olena", "zq7 wombat two")

    await here.forge("Olena", old)

    assert await rows(here, KeptRow) == 0
    assert "zq7 wombat two" in (here.last("Olena").text or "")


async def test_an_old_button_publishes_no_text_that_nobody_looked_at(here: Town) -> None:
    await asks_in_vain(here, "Olena")
    await here.press("Olena", KeepAndTell)
    await opens_the_list(here)
    await here.press_all("Maria", KeptQuestion, Compose)
    await here.write("Maria", f"{TITLE}\n{BODY}")
    old = here.button("Maria", Publish).data
    await here.press("Maria", Compose)
    await here.write("Maria", f"{TITLE}\nДруго.")

    await here.forge("Maria", old)
    told = [one for one in here.said("Olena") if "Now there is one" in one]
    await here.press("Maria", Publish)

    assert told == []
    await here.press("Olena", Read)
    assert "Друго." in (here.last("Olena").text or "")


async def test_a_text_written_for_one_answer_is_saved_in_no_other(here: Town) -> None:
    await here.write("Maria", "/staff")
    await here.forge("Maria", "sw1:a1.bg")
    await here.write("Maria", f"{TITLE}\n{BODY}")
    old = here.button("Maria", Save).data
    await here.forge("Maria", "sw1:a2.bg")
    await here.write("Maria", f"{TITLE}\n{BODY}")

    await here.forge("Maria", old)

    async with here.world.app.storage.read() as session:
        one = await session.get(ArticleText, (1, "bg"))
        assert one is not None
        assert one.title != TITLE


async def test_nobody_confirms_a_translation_beside_a_text_they_have_not_seen(
    here: Town,
) -> None:
    for words in ("Едно.", "Две."):
        await here.forge("Maria", "sw1:a1.bg")
        await here.write("Maria", f"{TITLE}\n{words}")
        await here.press("Maria", Save)
        await here.press("Maria", AnswerIn, language="en")
        if words == "Едно.":
            old = here.button("Maria", StillRight).data

    await here.forge("Maria", old)

    async with here.world.app.storage.read() as session:
        english = await session.get(ArticleText, (1, "en"))
        assert english is not None
        assert english.stale


@pytest.mark.parametrize("data", ["sw1:a1.xx", "sw4:1:xx", "sw4:9999:bg", "sw:9999", "sw2:a1.bg"])
async def test_an_address_nobody_drew_leads_to_a_screen(here: Town, data: str) -> None:
    await here.write("Maria", "/staff")

    await here.forge("Maria", data)

    assert here.buttons(person("Maria")) != []


async def test_at_night_nobody_is_woken_for_it(here: Town) -> None:
    await asks_in_vain(here, "Olena")
    await here.press("Olena", KeepAndTell)
    await here.world.move(MONDAY.replace(hour=21, minute=30))
    await opens_the_list(here)
    await here.press_all("Maria", KeptQuestion, Compose)
    await here.write("Maria", f"{TITLE}\n{BODY}")
    await here.press("Maria", Publish)
    in_the_night = [one for one in here.said("Olena") if "Now there is one" in one]

    await here.world.move(MONDAY + timedelta(days=1))

    in_the_morning = [one for one in here.said("Olena") if "Now there is one" in one]
    assert (len(in_the_night), len(in_the_morning)) == (0, 1)


async def test_an_answer_that_is_there_is_told_and_nobodys_words_are_published(
    here: Town,
) -> None:
    await asks_in_vain(here, "Olena", "zq7 family doctor wombat")
    await here.press("Olena", KeepAndTell)
    await opens_the_list(here)
    await here.press("Maria", KeptQuestion)

    await here.press("Maria", AnsweredBy)

    assert "Now there is one" in (here.last("Olena").text or "")
    async with here.world.app.storage.read() as session:
        texts = await session.scalars(select(ArticleText))
        assert not any("wombat" in words for one in texts for words in one.phrasings)


async def test_what_is_not_for_us_is_deleted(here: Town) -> None:
    await asks_in_vain(here, "Olena")
    await here.press("Olena", KeepAndTell)
    await opens_the_list(here)

    await here.press_all("Maria", KeptQuestion, DropQuestion)

    assert (await rows(here, KeptRow), await rows(here, Awaiting)) == (0, 0)


async def test_after_ninety_days_a_question_is_forgotten(here: Town) -> None:
    await asks_in_vain(here, "Olena")
    await here.press("Olena", KeepAndTell)

    await here.world.move(MONDAY + timedelta(days=90))
    before = await rows(here, KeptRow)
    await here.world.move(MONDAY + timedelta(days=92))

    assert (before, await rows(here, KeptRow), await rows(here, Awaiting)) == (1, 0, 0)


async def test_who_waits_reads_so_in_their_data_and_is_forgotten_on_their_word(here: Town) -> None:
    await asks_in_vain(here, "Olena")
    await here.press("Olena", KeepAndTell)
    await here.write("Olena", "/privacy")
    await here.press("Olena", MyData)
    shown = here.last("Olena").text or ""

    await here.press_all("Olena", AskErase, Erase)

    assert "Answers you want to be told about: 1" in shown
    assert (await rows(here, KeptRow), await rows(here, Awaiting)) == (1, 0)


async def test_a_reply_becomes_an_answer_in_three_taps(here: Town) -> None:
    await here.press("Olena", AskPerson)
    await here.write("Olena", "zq7 what about my wombat")
    await here.press("Maria", TakeCase)
    letter = here.button("Maria", Close)
    here.world.sandbox.town.type(
        person("Maria"), "Елате при нас с вомбата.", reply_to=letter.message_id
    )
    await here.settle()
    await here.press("Maria", Close)

    await here.press("Maria", Compose)
    await here.write("Maria", TITLE)
    await here.press("Maria", Publish)

    assert isinstance(here.button("Maria", AnswerIn).to, AnswerIn)
    await here.press("Maria", AnswerIn, language="bg")
    assert "Елате при нас с вомбата." in (here.last("Maria").text or "")
    assert "zq7" not in (here.last("Maria").text or "")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("Само заглавие", "липсва"),
        (f"{'Ш' * 30}\n{BODY}", "29"),
        (f"{TITLE}\n{'а' * 2001}", "твърде дълъг"),
    ],
)
async def test_what_does_not_fit_is_said_and_asked_again(here: Town, words: str, told: str) -> None:
    await asks_in_vain(here, "Olena")
    await here.press("Olena", Keep)
    await opens_the_list(here)
    await here.press_all("Maria", KeptQuestion, Compose)

    await here.write("Maria", words)
    seen = here.last("Maria").text or ""
    await here.write("Maria", f"{TITLE}\n{BODY}")

    assert told in seen
    assert TITLE in (here.last("Maria").text or "")


async def test_a_changed_answer_makes_its_translations_older_until_somebody_looks(
    here: Town,
) -> None:
    await here.write("Olena", "how do I find a family doctor")
    article = here.button("Olena", NotHelped).to
    assert isinstance(article, NotHelped)
    number = article.article
    await here.forge("Maria", f"sw4:{number}:bg")
    await here.press("Maria", Compose)
    await here.write("Maria", f"{TITLE}\n**Първо** елате <при> нас.")
    await here.press("Maria", Save)

    await here.forge("Olena", f"a:{number}:")
    olena = here.last("Olena").text or ""
    await here.press("Maria", AnswerIn, language="en")
    await here.press("Maria", StillRight)
    await here.forge("Olena", f"a:{number}:")

    assert "newer than this translation" in olena
    assert "newer than this translation" not in (here.last("Olena").text or "")
    await here.forge("Olena", f"a:{number}:bg")
    assert "Първо елате <при> нас." in (here.last("Olena").text or "")


async def test_an_answer_of_our_own_can_be_taken_away_again(here: Town) -> None:
    await asks_in_vain(here, "Olena")
    await here.press("Olena", KeepAndTell)
    await opens_the_list(here)
    await here.press_all("Maria", KeptQuestion, Compose)
    await here.write("Maria", f"{TITLE}\n{BODY}")
    await here.press("Maria", Publish)

    await here.press("Maria", Withdraw)
    await here.press("Olena", Read)

    assert "Ще Ви помогнем." not in (here.last("Olena").text or "")


async def test_staff_find_a_text_by_its_words_and_change_it_there(here: Town) -> None:
    await here.write("Maria", "/lang")
    await here.press("Maria", Speak, code="bg")
    await here.write("Maria", "как да си намеря личен лекар")

    assert isinstance(here.button("Maria", AnswerDesk).to, AnswerDesk)


async def test_the_notice_says_what_is_kept(here: Town) -> None:
    await here.write("Olena", "/privacy")
    await here.press("Olena", FullNotice)

    assert "90 days" in (here.last("Olena").text or "")
    assert isinstance(here.button("Olena", Privacy).to, Privacy)


async def test_staff_who_have_never_been_visitors_find_a_text_too(here: Town) -> None:
    await here.write("Maria", "как да си намеря личен лекар")

    assert isinstance(here.button("Maria", AnswerIn).to, AnswerIn)


async def test_while_nothing_was_learned_yet_nobody_is_told_that_there_is_no_answer(
    here: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(here.reception.counter.house.search, "finder", None)

    await here.write("Olena", "how do I find a family doctor")

    assert "just been started" in (here.last("Olena").text or "")
    assert isinstance(here.button("Olena", InTopic).to, InTopic)
