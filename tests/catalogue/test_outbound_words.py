"""Whatever people write, every text of ours passes Telegram's parser and says what they wrote."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import texts
from bot.bidi import FSI, PDI, RLM
from bot.sandbox.html import parse_html
from bot.texts import LOCALES, blanks
from bot.texts_catalogue import read
from dialogs.first import Grown
from dialogs.privacy import MyData
from dialogs.staff.cards import TakeCase
from dialogs.staff.cases import Close
from storage.tables import DeliveryState
from tests.catalogue.outbound import town_of_notes
from tests.core import Town, drawn_now
from tests.world import Ground, person

LONGEST = 4096
SPOKEN = [language for language in texts.load().all.values() if language.offered]
SENTENCES = sorted(
    message.id
    for message in read(LOCALES / "bg" / "messages.po", "bg")
    if isinstance(message.id, str) and message.id and blanks(message.id)
)
PIECES = (
    *("&", "&amp", "&amp;", "&#0;", "&lt;b&gt;", "<", ">", "</b>", "<b>"),
    *("<a href='tg://user?id=1'>", "{name}", "{", "}", "%s", "\\", "*", "_", "`", '"', "'"),
    *("👨\u200d👩\u200d👧\u200d👦", "🏳\ufe0f\u200d🌈", "e\u0301\u0302", "ﷺ", "שלום", "سلام", "Я"),
    *("\u202e", "\u2066", "\u2069", "\u200d", "\u2028"),
)  # fmt: skip
HOSTILE = st.lists(
    st.one_of(
        st.sampled_from(PIECES),
        st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=9),
    ),
    min_size=1,
    max_size=12,
).map("".join)


def bare(text: str) -> str:
    """Without the marks of direction, ours and theirs."""
    return "".join(one for one in text if one not in {FSI, PDI, RLM})


# Case 40


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(SPOKEN), st.sampled_from(SENTENCES), HOSTILE)
def test_every_sentence_shows_what_people_wrote_as_they_wrote_it(
    language: texts.Language, sentence: str, words: str
) -> None:
    said = language.say(sentence, **dict.fromkeys(blanks(sentence), words))

    shown, entities = parse_html(said)

    assert bare(words) in bare(shown)
    assert {one["type"] for one in entities} <= {"bold", "italic", "blockquote"}


MASSES = {
    "escapes to five times its length": "&" * 4000,
    "is cut inside what looks like an escape": "&amp;" * 800,
    "is one family after the other": "👨\u200d👩\u200d👧\u200d👦" * 580,
    "turns the line around": "\u202eabc\u2066" * 800,
    "is all markup": "<b><a href='tg://user?id=1'>" * 130,
    "has a line for every letter": "a\n" * 1990 + "a",
    "puts marks on marks": "e" + "\u0301" * 3500,
}


@pytest.fixture
async def here(
    ground: Ground, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Town]:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")
    async with town_of_notes(ground, tmp_path) as made:
        yield made


@pytest.mark.parametrize("language", ["en", "ar"])
async def test_questions_answers_and_names_of_any_kind_arrive(here: Town, language: str) -> None:
    town, maria = here.world.sandbox.town, person("Maria")
    town.person(maria).first_name = "&amp;<b>\u202e" * 6
    await here.welcome("Omar", language)
    await here.write("Maria", "/start")
    await here.write("Omar", "/person")
    await here.press("Omar", Grown)
    await here.write("Omar", "First")
    await here.press("Maria", TakeCase)
    for mass in MASSES.values():
        await here.write("Omar", mass)
        town.type(maria, mass, reply_to=here.button("Maria", Close).message_id)
        await here.settle()
    await here.forge("Omar", drawn_now(MyData(), kept=True))

    outbox, heard = await here.outbox(), [bare(one) for one in here.said("Omar")]
    lost = {(one.kind, one.reason) for one in outbox if one.state is not DeliveryState.SENT}
    unheard = [
        what
        for what, mass in MASSES.items()
        if not any(bare(mass[:3000].strip()) in one for one in heard)
    ]
    needless = {("hurry_case", ""), ("list_morning", "untrue")}  # it was taken; nothing to list
    assert (town.refusals, lost, unheard) == ([], needless, [])
    assert {"case_message", "case_reply", "card_case", "tick"} <= {one.kind for one in outbox}
