"""How deliveries went is on the disk when the ledger says so, whoever else is written with it."""

import asyncio
from collections.abc import Sequence

import pytest
from sqlalchemy import event, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from storage.engine import Storage
from storage.ledger import Ledger, Note
from storage.tables import Memo


def _noting(name: str, *troubles: Exception) -> Note:
    """A note that writes one row; it meets these troubles first, one at each try."""
    left = list(troubles)

    async def note(session: AsyncSession) -> None:
        session.add(Memo(name, ""))
        await session.flush()
        if left:
            raise left.pop(0)

    return note


async def _written(storage: Storage) -> Sequence[str]:
    async with storage.read() as session:
        noted = select(Memo.name).where(Memo.name.startswith("note")).order_by(Memo.name)
        return (await session.scalars(noted)).all()


async def _all(ledger: Ledger, *notes: Note) -> list[str]:
    """Write all at once: which troubles their writers met."""
    done = await asyncio.gather(*(ledger.write(one) for one in notes), return_exceptions=True)
    return [type(one).__name__ if one else "" for one in done]


async def test_what_comes_while_one_is_written_shares_the_next_transaction_of_sqlite(
    storage: Storage,
) -> None:
    commits: list[object] = []
    event.listen(storage.engine.sync_engine, "commit", commits.append)

    await _all(Ledger(storage), *(_noting(f"note{n}") for n in range(5)))

    assert len(commits) == (2 if storage.on_sqlite else 5)
    assert await _written(storage) == [f"note{n}" for n in range(5)]


async def test_a_note_that_cannot_be_written_takes_no_other_with_it(storage: Storage) -> None:
    notes = [_noting("note0"), _noting("note1"), _noting("note2", *[ValueError()] * 2)]

    met = await _all(Ledger(storage), *notes, _noting("note3"))

    assert met == ["", "", "ValueError", ""]
    assert await _written(storage) == ["note0", "note1", "note3"]


@pytest.mark.parametrize("trouble", [OSError(), IntegrityError("", None, Exception())])
async def test_after_a_passing_trouble_of_the_database_each_note_is_written_once(
    storage: Storage, trouble: Exception
) -> None:
    notes = [_noting("note0"), _noting("note1"), _noting("note2", trouble)]

    met = await _all(Ledger(storage), *notes, _noting("note3"))

    assert met == [""] * 4
    assert await _written(storage) == ["note0", "note1", "note2", "note3"]


async def test_once_it_is_closed_nothing_is_tried_twice(storage: Storage) -> None:
    ledger = Ledger(storage)
    ledger.close()

    met = await _all(ledger, _noting("note0", OSError()), _noting("note1"))

    assert met == ["OSError", ""]
    assert await _written(storage) == ["note1"]


async def test_whoever_gives_up_waiting_leaves_the_others_their_turn(storage: Storage) -> None:
    ledger, began = Ledger(storage), asyncio.Event()

    async def endless(session: AsyncSession) -> None:
        del session
        began.set()
        await asyncio.Event().wait()

    stuck = asyncio.create_task(ledger.write(endless))
    await began.wait()
    other = asyncio.create_task(ledger.write(_noting("note0")))
    await asyncio.sleep(0)
    stuck.cancel()
    await asyncio.wait({stuck})
    async with asyncio.timeout(5):
        await other

    assert await _written(storage) == ["note0"]
