"""Addresses are packed into 64 bytes and read strictly; a screen is drawn with its ways out."""

from dataclasses import fields
from datetime import UTC, datetime, timedelta
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

import dialogs
from bot import texts
from bot.address import (
    SERIALS_LIVE,
    Action,
    Address,
    Menu,
    Page,
    Pressed,
    is_too_old,
    new_serial,
    pack,
)
from bot.screen import Button, Link, Screen, Table, View, draw, lines, page, paragraphs

NOW = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)
SERIAL = "14dAbC234"
ENGLISH = texts.load().get("en")
TABLE = dialogs.table()

CODES = st.text("abcXYZ0189_.-", max_size=12)
NUMBERS = st.integers(0, 10**9 - 1)


class Shelf(Page, prefix="zq1"):
    row: int
    code: str


class Move(Action, prefix="zq2"):
    row: int


class Nowhere(Page, prefix="zq3"):
    long: str


SHELVES = Table(addresses={"zq1": Shelf, "zq2": Move})


@st.composite
def addresses(draw_from: st.DrawFn) -> Address:
    """Any address of the whole conversation, with any values it may carry."""
    kind = draw_from(st.sampled_from(sorted(TABLE.addresses.values(), key=lambda one: one.prefix)))
    short = st.text("abcXYZ0189_.-", max_size=4)
    small = st.integers(0, 10**8)
    values = [draw_from(small if one.type is int else short) for one in fields(kind)]  # type: ignore[arg-type]  # every address is a dataclass
    return kind(*values)


@given(addresses(), st.booleans())
def test_what_is_packed_is_read_again(address: Address, kept: bool) -> None:  # noqa: FBT001  # drawn by hypothesis
    serial = SERIAL if isinstance(address, Action) else None

    data = pack(address, serial=serial or "", kept=kept)

    assert TABLE.read(data) == Pressed(address, serial, kept)
    assert len(data.encode()) <= 64


@given(NUMBERS, CODES)
def test_the_largest_numbers_and_any_code_come_back(row: int, code: str) -> None:
    assert SHELVES.read(pack(Shelf(row, code))) == Pressed(Shelf(row, code), None, kept=False)


@given(st.text(max_size=70))
def test_nothing_anybody_sends_breaks_the_reading(data: str) -> None:
    read = TABLE.read(data)

    assert read is None or pack(read.address, serial=read.serial or "", kept=read.kept) == data


@pytest.mark.parametrize(
    "data",
    [
        None,
        "",
        "zq1",
        "zq1:",
        "zq1:7",
        "zq1:7:a:b",
        "zq1: 7:a",
        "zq1:7 :a",
        "zq1:07:a",
        "zq1:+7:a",
        "zq1:-7:a",
        "zq1:1_000:a",
        "zq1:1e3:a",
        "zq1:٧:a",
        "zq1:７:a",
        f"zq1:{2**63}:a",
        f"zq1:{2**31}:a",
        f"zq1:{10**9}:a",
        f"zq1:{10**18}:a",
        "zq1:7:a b",
        "zq1:7:ä",
        "zq1:7:a\n",
        "zq1:7:a\x00",
        "zq1:7:a~~",
        "zq1:7~:a",
        "zq1:7:" + "a" * 41,
        "zq1!14dAbC234:7:a",
        "zq2:7",
        "zq2!:7",
        "zq2!14dAbC23:7",
        "zq2!14dAbC2345:7",
        "zq2!14dAbC23_:7",
        "zq2!14dAbC234",
        "zq2!14dAbC234:7:8",
        "zq9:7",
        "ZQ1:7:a",
        " zq1:7:a",
        "zq1:7:a ",
        "'; DROP TABLE visitors; --",
    ],
)
def test_what_we_did_not_write_is_not_read(data: str | None) -> None:
    assert SHELVES.read(data) is None


def test_an_address_that_does_not_fit_is_refused_when_it_is_packed() -> None:
    with pytest.raises(ValueError, match="Nowhere does not fit"):
        pack(Nowhere("x" * 61))

    assert len(pack(Nowhere("x" * 60))) == 64


def test_sixty_four_are_counted_in_bytes() -> None:
    with pytest.raises(ValueError, match="Nowhere does not fit"):
        pack(Nowhere("ж" * 31))


def test_a_page_that_is_gone_leads_to_the_menu() -> None:
    kept = [TABLE.read_page(one) for one in ("", "gone:7", "x!14dAbC234", "g")]

    assert [type(one).__name__ for one in kept] == ["Menu", "Menu", "Menu", "Programme"]


def test_two_drawings_never_have_the_same_serial() -> None:
    assert len({new_serial(NOW) for _ in range(1000)}) == 1000


@pytest.mark.parametrize(
    ("age", "too_old"),
    [
        (timedelta(0), False),
        (SERIALS_LIVE, False),
        (SERIALS_LIVE + timedelta(days=1), True),
        (timedelta(days=-1), False),
        (timedelta(days=-2), True),
    ],
)
def test_a_drawing_may_act_for_sixty_days(age: timedelta, too_old: bool) -> None:  # noqa: FBT001  # a table
    assert is_too_old(new_serial(NOW - age), NOW) == too_old


def test_damaged_serials_may_not_act() -> None:
    assert [is_too_old(one, NOW) for one in ("", "zzzAbC234", "fffAbC234")] == [True] * 3


def test_serials_carry_their_day_for_eleven_years() -> None:
    late = datetime(2037, 1, 1, tzinfo=UTC)

    assert (len(new_serial(late)), is_too_old(new_serial(late), late)) == (9, False)


def test_a_screen_is_drawn_with_its_buttons_and_the_ways_out() -> None:
    screen = Screen(
        "Which shelf?",
        [
            Button("📚 First", Shelf(1, "a")),
            (Button("✅ Move", Move(2), "success"), Button("🗺 Map", Link("https://a.bg/"))),
        ],
        back=Shelf(0, ""),
        flow=True,
    )

    drawn = draw(screen, ENGLISH, serial=SERIAL)

    assert drawn.text == "Which shelf?"
    assert drawn.markup == {
        "inline_keyboard": [
            [{"text": "📚 First", "callback_data": "zq1:1:a"}],
            [
                {"text": "✅ Move", "callback_data": f"zq2!{SERIAL}:2", "style": "success"},
                {"text": "🗺 Map", "url": "https://a.bg/"},
            ],
            [
                {"text": "⬅️ Back", "callback_data": "zq1:0:"},
                {"text": "✖️ Stop", "callback_data": f"x!{SERIAL}"},
                {"text": "🏠 Menu", "callback_data": "m"},
            ],
        ]
    }


def test_a_message_that_stays_marks_its_buttons_and_has_no_ways_out() -> None:
    drawn = draw(Screen("⏰", [Button("📚 First", Shelf(1, "a"))]), ENGLISH, serial="", stays=True)

    assert drawn.rows == [[{"text": "📚 First", "callback_data": "zq1:1:a~"}]]


def test_a_screen_without_any_button_has_no_keyboard() -> None:
    assert draw(Screen("Bye.", home=False), ENGLISH, serial=SERIAL).markup is None


@page(Menu)
async def another_menu() -> Screen:
    return Screen("Me too.")


class SamePrefix(Page, prefix="m"): ...


@page(SamePrefix)
async def another_address() -> Screen:
    return Screen("Me too.")


@pytest.mark.parametrize(
    ("view", "refusal"),
    [(another_menu, "Two views serve"), (another_address, "Two addresses have the same prefix")],
)
def test_two_views_or_addresses_may_not_claim_the_same(view: View, refusal: str) -> None:
    module = ModuleType("another")
    vars(module)["view"] = view

    with pytest.raises(ValueError, match=refusal):
        Table.of([*dialogs.MODULES, module])


def test_empty_parts_leave_no_hole() -> None:
    assert (paragraphs("a", "", "b"), lines("", "a", "b")) == ("a\n\nb", "a\nb")
