"""Nobody takes the time of everybody else, and nobody is blamed for what piled up."""

from bot import turnstile
from bot.turnstile import Allowance, Turnstile

OLENA, OMAR = 1, 2
NOON = 1_796_000_000.0


def let_in(gate: Turnstile, moments: list[float], *, presses: bool = False) -> int:
    return sum(gate.passes(OLENA, one, presses=presses) for one in moments)


def test_twenty_are_let_in_at_once_and_one_more_every_three_seconds() -> None:
    gate = Turnstile()

    at_once = let_in(gate, [NOON] * 1000)
    in_the_next_minute = let_in(gate, [NOON + tenth / 10 for tenth in range(1, 601)])

    assert (at_once, in_the_next_minute) == (20, 20)


def test_after_a_quiet_minute_all_may_be_written_again() -> None:
    gate = Turnstile()
    let_in(gate, [NOON] * 1000)

    assert let_in(gate, [NOON + 60] * 1000) == 20


def test_who_writes_steadily_is_never_turned_away() -> None:
    assert let_in(Turnstile(), [NOON + 3 * number for number in range(1000)]) == 1000


def test_presses_and_words_are_counted_apart_and_so_are_people() -> None:
    gate = Turnstile(Allowance(words=2, presses=3))

    words = let_in(gate, [NOON] * 9)
    presses = let_in(gate, [NOON] * 9, presses=True)

    assert (words, presses, gate.passes(OMAR, NOON, presses=False)) == (2, 3, True)


def test_what_was_put_off_does_not_count() -> None:
    gate = Turnstile(Allowance(words=2))

    for _ in range(100):
        assert gate.passes(OLENA, NOON, presses=False)
        gate.takes_back(OLENA, presses=False)

    assert let_in(gate, [NOON] * 9) == 2


def test_taking_back_from_somebody_unknown_gives_them_nothing() -> None:
    gate = Turnstile(Allowance(words=2))

    gate.takes_back(OLENA, presses=False)

    assert let_in(gate, [NOON] * 9) == 2


def test_an_old_message_that_comes_after_a_new_one_is_let_in() -> None:
    gate = Turnstile()
    gate.passes(OLENA, NOON, presses=False)

    assert gate.passes(OLENA, NOON - 10_000, presses=False)


def test_old_messages_after_a_new_one_are_no_way_around() -> None:
    gate = Turnstile()

    assert let_in(gate, [NOON - number for number in range(1000)]) == 20


def test_who_is_turned_away_is_told_once_a_minute() -> None:
    gate = Turnstile()

    told = [second for second in range(180) if gate.tells(OLENA, NOON + second)]

    assert told == [0, 60, 120]


def test_what_comes_late_is_served_at_an_even_pace() -> None:
    gate = Turnstile(Allowance(late=10))

    waits = [round(gate.late_one_waits(NOON), 3) for _ in range(3)]
    after_a_pause = round(gate.late_one_waits(NOON + 60), 3)

    assert (waits, after_a_pause) == ([0.0, 0.1, 0.2], 0.0)


def test_only_so_many_people_are_remembered_and_who_floods_is_among_them() -> None:
    gate = Turnstile(Allowance(words=2))
    for number in range(turnstile._MOST_REMEMBERED * 2):
        gate.passes(1000 + number, NOON, presses=False)
        gate.tells(1000 + number, NOON)
        if number % 1000 == 0:
            gate.passes(OLENA, NOON, presses=False)

    assert len(gate._counts) == len(gate._told_until) == turnstile._MOST_REMEMBERED
    assert not gate.passes(OLENA, NOON, presses=False)
