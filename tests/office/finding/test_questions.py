"""Questions of people who have not seen our phrasings find their answers often enough."""

from pathlib import Path

import pytest

from tests.office.finding import measuring, town

FLOORS = {"ar": (70, 85), "ps": (75, 88), "ur": (75, 88)}
"""Right at once, and among three; 80 and 92 where nothing is said."""
ASKED = """
asked = [{q = "how to open an account", id = "bank"}, {q = "which school", id = "doctor"}]
missed = [{q = "the debit card", id = "bank"}]
nothing = ["tell me a joke", {q = "open a bank account"}]
"""


@pytest.fixture(scope="module")
def measured() -> list[measuring.Row]:
    return measuring.rows()


def test_every_language_reaches_its_floor(measured: list[measuring.Row]) -> None:
    low = [
        str(row)
        for row in measured
        if row.first < FLOORS.get(row.language, (80, 92))[0]
        or row.among_three < FLOORS.get(row.language, (80, 92))[1]
    ]
    assert low == []


def test_what_is_answered_at_once_is_right_and_nothing_else_is_answered(
    measured: list[measuring.Row],
) -> None:
    wrong = [
        str(row)
        for row in measured
        if row.right < 92 or row.off_topic_answered > 3 or row.recognised < 96
    ]
    assert wrong == []


def test_a_row_counts_what_was_found_and_what_was_not(tmp_path: Path) -> None:
    (tmp_path / "en.toml").write_text(ASKED, encoding="utf-8")

    row = measuring.measured(town.finder(), measuring.read(tmp_path / "en.toml"))

    assert (row.language, row.asked, row.off_topic) == ("en", 2, 2)
    assert (row.first, row.among_three, row.missed_found) == (50.0, 100.0, 100.0)
    assert (row.right, row.off_topic_answered, row.recognised) == (50.0, 50.0, 100.0)


def test_the_table_has_a_column_for_every_figure() -> None:
    row = measuring.Row("en", 150, 90.0, 97.0, 70.0, 96.0, 60, 1.0, 99.0, 80.0)

    assert len(str(row)) == len(measuring.HEAD)
