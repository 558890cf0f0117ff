"""Nobody is written to faster than Telegram bears, and whoever waits for an answer goes first."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from itertools import pairwise
from time import monotonic
from typing import Any

import pytest
from telegram.error import RetryAfter, TimedOut

from bot.pace import LANES_KEPT, TELEGRAM, Chat, Limits, Pace, Priority

BULK, PERSONAL = Priority.BULK, Priority.PERSONAL
QUICK = Limits(overall=200, bulk=100, chat_gap=0.1, group=3, group_window=0.4)
SLOT, BULK_SLOT = 1 / QUICK.overall, 1 / QUICK.bulk
STAFF = -100500
HAIR = 1e-6  # floats


class Street:
    """People walking at one pace, and a note of when each of them started."""

    def __init__(self, limits: Limits = QUICK) -> None:
        self.pace = Pace(limits)
        self.starts: list[tuple[Chat, float]] = []

    async def walk(self, chat: Chat, priority: Priority = PERSONAL) -> None:
        await self.pace.turn(chat, priority)
        # The pace's own note of the moment: a clock read here would be late on a busy machine.
        self.starts.append((chat, self.pace._next_slot - 1 / self.pace._limits.overall))

    async def walk_all(self, chats: Iterable[Chat], priority: Priority = PERSONAL) -> None:
        await asyncio.gather(*(self.walk(chat, priority) for chat in chats))

    def order(self) -> list[Chat]:
        return [chat for chat, _ in self.starts]

    def gaps(self) -> list[float]:
        return [later - earlier for (_, earlier), (_, later) in pairwise(self.starts)]


class Call:
    """A call to Telegram that answers, or fails, and counts how often it was made."""

    def __init__(self, failure: Exception | None = None) -> None:
        self.made = 0
        self.failure = failure

    async def __call__(self, *_args: Any, **_kwargs: Any) -> bool:
        self.made += 1
        if self.failure:
            raise self.failure
        return True


async def ask(pace: Pace, call: Call, chat: Chat | None, method: str = "sendMessage") -> Any:
    data = {} if chat is None else {"chat_id": chat}
    return await pace.process_request(call, (method, data), {}, method, data, None)


@pytest.fixture(autouse=True)
def _as_the_program_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")


@pytest.fixture
async def street() -> AsyncIterator[Street]:
    street = Street()
    yield street
    await street.pace.shutdown()


async def test_no_more_than_thirty_start_in_any_second() -> None:
    street = Street(TELEGRAM)

    await street.walk_all(range(1, 33))

    moments = [moment for _, moment in street.starts]
    assert max(sum(a <= b < a + 1 for b in moments) for a in moments) <= 30


async def test_every_start_has_a_slot_of_its_own(street: Street) -> None:
    await street.walk_all(range(1, 31))

    assert [gap for gap in street.gaps() if gap < SLOT - HAIR] == []
    assert street.order() == list(range(1, 31))


async def test_a_slot_that_passed_unused_is_not_made_up_for(street: Street) -> None:
    await street.walk(1)
    await asyncio.sleep(10 * SLOT)

    await street.walk_all([2, 3, 4])

    assert [gap for gap in street.gaps() if gap < SLOT - HAIR] == []


async def test_what_goes_to_everybody_leaves_room(street: Street) -> None:
    await street.walk_all(range(1, 11), BULK)

    assert [gap for gap in street.gaps() if gap < BULK_SLOT - HAIR] == []


async def test_a_personal_word_goes_before_everything_that_waits(street: Street) -> None:
    street.pace.halt(monotonic() + 0.05)
    crowd = asyncio.create_task(street.walk_all([1, 2, 3], BULK))
    await asyncio.sleep(0.01)

    await asyncio.gather(street.walk(98), street.walk(99), crowd)

    assert street.order() == [98, 99, 1, 2, 3]


async def test_one_chat_waits_and_the_others_pass(street: Street) -> None:
    await street.walk_all([1, 1, 2, 3])

    assert street.order() == [1, 2, 3, 1]
    assert street.starts[3][1] - street.starts[0][1] >= QUICK.chat_gap - HAIR


async def test_a_group_hears_so_many_a_minute_and_no_more(street: Street) -> None:
    await street.walk_all([STAFF] * 4)

    moments = [moment for _, moment in street.starts]
    assert [gap for gap in street.gaps() if gap < QUICK.chat_gap - HAIR] == []
    assert moments[3] - moments[0] >= QUICK.group_window - HAIR


async def test_a_person_hears_more_than_a_group() -> None:
    street = Street(Limits(overall=1000, bulk=1000, chat_gap=0.01, group=3, group_window=30))

    await asyncio.wait_for(street.walk_all([1] * 6), timeout=1)

    assert street.order() == [1] * 6


async def test_an_edit_takes_a_slot_like_a_message(street: Street) -> None:
    begun = monotonic()
    await ask(street.pace, Call(), 1, "editMessageText")

    await street.walk(1)

    assert street.starts[0][1] - begun >= QUICK.chat_gap - HAIR


async def test_a_call_without_a_chat_takes_no_slot(street: Street) -> None:
    await street.walk(1)

    next_slot = street.pace._next_slot
    await ask(street.pace, Call(), None, "answerCallbackQuery")

    assert street.pace._next_slot == next_slot


async def test_a_flood_in_private_silences_everything_that_is_queued(street: Street) -> None:
    crowd = asyncio.create_task(street.walk_all([2, STAFF, 3]))
    with pytest.raises(RetryAfter):
        await ask(street.pace, Call(RetryAfter(1)), 1)

    before = len(street.starts)
    await asyncio.sleep(0.2)

    assert len(street.starts) == before
    await _give_up(crowd)


async def test_a_call_without_a_chat_is_silent_with_the_rest(street: Street) -> None:
    street.pace.halt(monotonic() + 0.1)

    begun = monotonic()
    await ask(street.pace, Call(), None, "getMe")

    assert monotonic() - begun >= 0.1


async def test_a_flood_in_a_group_silences_that_group_alone(street: Street) -> None:
    with pytest.raises(RetryAfter):
        await ask(street.pace, Call(RetryAfter(1)), STAFF)

    held = asyncio.create_task(street.walk(STAFF))
    await street.walk_all([1, 2, STAFF - 1])

    assert street.order() == [1, 2, STAFF - 1]
    await _give_up(held)


async def test_a_halt_told_from_elsewhere_holds_what_is_queued(street: Street) -> None:
    crowd = asyncio.create_task(street.walk_all([1, 2, 3]))
    await asyncio.sleep(0)

    until = monotonic() + 0.15
    street.pace.halt(until)
    await crowd

    assert street.order() == [1, 2, 3]
    assert street.starts[0][1] >= until


async def test_a_later_and_shorter_halt_does_not_shorten_the_first(street: Street) -> None:
    until = monotonic() + 0.15
    street.pace.halt(until)
    street.pace.halt(monotonic() + 0.01)
    street.pace.halt_chat(STAFF, until)
    street.pace.halt_chat(STAFF, monotonic() + 0.01)

    await street.walk_all([1, STAFF])

    assert [moment for _, moment in street.starts if moment < until] == []


async def test_whoever_gives_up_frees_the_place(street: Street) -> None:
    street.pace.halt(monotonic() + 0.05)
    waiting = [asyncio.create_task(street.walk(chat)) for chat in (1, 2, 2, 3)]
    await asyncio.sleep(0)

    for task in waiting[:2]:
        await _give_up(task)
    await asyncio.gather(*waiting[2:])

    assert street.order() == [2, 3]
    assert list(street.pace._lanes) == [2, 3]
    assert street.pace._waiting == []


async def test_whoever_gives_up_at_the_very_moment_is_not_called(street: Street) -> None:
    waiting = asyncio.create_task(street.walk(1))
    await asyncio.sleep(0)

    waiting.cancel()
    street.pace._call()

    assert street.pace._called is None
    await _give_up(waiting)


async def test_whoever_gives_up_when_just_called_frees_the_place(street: Street) -> None:
    first = asyncio.create_task(street.walk(1))
    second = asyncio.create_task(street.walk(1))
    for _ in range(100):
        if street.pace._called:
            break
        await asyncio.sleep(0)

    await _give_up(first)
    await asyncio.wait_for(second, timeout=1)

    assert street.order() == [1]


async def test_a_failure_is_handed_on_and_nothing_is_tried_again(street: Street) -> None:
    call = Call(TimedOut())

    with pytest.raises(TimedOut):
        await ask(street.pace, call, 1)

    assert call.made == 1


async def test_an_hour_is_the_longest_silence(street: Street) -> None:
    with pytest.raises(RetryAfter):
        await ask(street.pace, Call(RetryAfter(10**8)), 1)

    assert street.pace._silent_until <= monotonic() + 3600


async def test_chats_that_are_free_again_are_forgotten() -> None:
    street = Street(Limits(overall=10**6, bulk=10**6, chat_gap=10**-6))
    street.pace.halt_chat(STAFF, monotonic() + 60)

    for chat in range(1, LANES_KEPT + 100):
        await street.walk(chat)

    assert len(street.pace._lanes) <= LANES_KEPT + 1
    assert STAFF in street.pace._lanes


async def test_closing_sends_away_whoever_still_waits(street: Street) -> None:
    street.pace.halt(monotonic() + 60)
    waiting = asyncio.create_task(street.walk(1))
    await asyncio.sleep(0)

    await street.pace.shutdown()

    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert street.starts == []


async def _give_up(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
