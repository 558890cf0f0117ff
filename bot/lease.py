"""Who may send just now: one process at a time, and its fence passes everybody's before."""

import secrets
from datetime import UTC, datetime, timedelta

from storage import deliveries
from storage.engine import Storage

_LENGTH = timedelta(seconds=6)  # so long nobody sends after a sender was killed
_RENEW = timedelta(seconds=2)


class SenderLease:
    """The right to send, renewed while it is used. ``fence`` is None while another has it."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self._holder = secrets.token_hex(8)
        self._renew_at = datetime.min.replace(tzinfo=UTC)
        self._seen: int | None = None
        self.fence: int | None = None
        self.renewed = False

    def is_new(self) -> bool:
        """Whether the right to send was won since this was asked last."""
        seen, self._seen = self._seen, self.fence
        return seen != self.fence

    async def hold(self, real_now: datetime) -> bool:
        """Take or keep the right to send; False while another holds it.

        ``renewed`` tells whether the database was asked this time: every two seconds or so.
        """
        self.renewed = real_now >= self._renew_at
        if real_now >= self._renew_at:
            async with self._storage.begin() as session:
                self.fence = await deliveries.hold_lease(
                    session, self._holder, now=real_now, length=_LENGTH
                )
            if self.fence is not None:
                self._renew_at = real_now + _RENEW
        return self.fence is not None

    async def give_up(self) -> None:
        async with self._storage.begin() as session:
            await deliveries.give_up_lease(session, self._holder, now=datetime.now(UTC))
