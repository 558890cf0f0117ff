"""Who may send just now: one process at a time, and its fence passes everybody's before."""

import secrets
from datetime import UTC, datetime, timedelta
from time import monotonic

from storage import leases
from storage.engine import Storage

_LENGTH = timedelta(seconds=6)  # so long nobody sends after a sender was killed
_RENEW = timedelta(seconds=2)
_MARGIN_SECONDS = 0.5
_ASK = timedelta(seconds=1)  # of whoever waits for the right, however often it is rung for


class SenderLease:
    """The right to send, renewed while it is used. ``fence`` is None while another has it."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self._holder = secrets.token_hex(8)
        self._renew_at = datetime.min.replace(tzinfo=UTC)
        self._sure_until = 0.0
        self.fence: int | None = None
        self.asked = False

    def is_sure(self) -> bool:
        """Whether nobody else can have the right by now; asked before each call leaves.

        A process that was frozen and wakes does not know what happened meanwhile: it sends nothing
        before it has asked again.
        """
        return monotonic() < self._sure_until

    async def hold(self, real_now: datetime) -> bool:
        """Take or keep the right to send; False while another holds it.

        ``asked`` tells whether the database was asked this time: every two seconds or so.
        """
        self.asked = real_now >= self._renew_at
        if self.asked:
            sure_until = monotonic() + _LENGTH.total_seconds() - _MARGIN_SECONDS
            async with self._storage.begin() as session:
                now = await leases.common_time(session, real_now)
                self.fence = await leases.hold(session, self._holder, now=now, length=_LENGTH)
            self._sure_until = 0.0 if self.fence is None else sure_until
            self._renew_at = real_now + (_ASK if self.fence is None else _RENEW)
        return self.fence is not None

    async def give_up(self) -> None:
        async with self._storage.begin() as session:
            now = await leases.common_time(session, datetime.now(UTC))
            await leases.give_up(session, self._holder, now=now)
