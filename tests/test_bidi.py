"""Right-to-left lines keep their direction."""

import pytest

from bot.bidi import FSI, PDI, RLM, anchored, isolated


def test_what_is_filled_in_is_isolated_line_by_line() -> None:
    assert isolated("one\n\ntwo") == f"{FSI}one{PDI}\n\n{FSI}two{PDI}"


@pytest.mark.parametrize(
    "line", ["شارع", "<b>شارع</b>", f"📍 {FSI}Sofia{PDI} هنا", "English words"]
)
def test_a_line_with_letters_of_its_own_says_its_direction_itself(line: str) -> None:
    assert anchored(line) == line


@pytest.mark.parametrize("line", [f"📍 {FSI}شارع{PDI}", f"<b>{FSI}Omar{PDI}</b>", "🕙 10:00"])
def test_a_line_of_an_icon_and_a_blank_is_told_its_direction(line: str) -> None:
    assert anchored(line) == f"{RLM}{line}"


def test_empty_lines_stay_empty() -> None:
    assert anchored(f"\n\n📍 {FSI}x{PDI}\n") == f"\n\n{RLM}📍 {FSI}x{PDI}\n"
