"""The webhook of a bot: queues side by side, each in order, tried until heard or too old."""

import asyncio
import heapq
import itertools
import json
import random
import ssl
import time
from collections import deque
from collections.abc import Awaitable, Callable, Hashable

import aiohttp

from bot.sandbox.hook import Failure, Hook, Raw, call_in, in_telegrams_words, line_of
from bot.sandbox.mailbox import Mailbox, Waiting

Answer = Callable[[str, Raw], Awaitable[None]]

LONGEST_RETRY_AFTER = 3600
LONGEST_WAITS = (60.0, 120.0)
GONE_FOR = 23 * 3600.0  # so long a webhook may answer 410 before it is given up
OVERTAKING = 0.05  # seconds within which shuffled queues overtake each other

encode = json.JSONEncoder(separators=(",", ":")).encode


class Webhook:
    def __init__(self, mailbox: Mailbox) -> None:
        self.mailbox = mailbox
        mailbox.on_arrival, mailbox.on_age = self._arrived, self._pump
        self.hook: Hook | None = None
        self.hurry = 1.0  # what the waits between attempts are multiplied by
        self.patience = 60.0  # real seconds an answer may take
        self.duplicate = 0  # every n-th update that was heard is delivered once more
        self.shuffle = False  # queues overtake each other
        self.dice = random.Random()  # noqa: S311 - dice, not keys
        self.stamp: Callable[[], float] = time.time
        self.answer: Answer = nobody_answers
        self.last_error: tuple[int, str] | None = None
        self.next_change = 0.0  # when it may be set again
        self._session: aiohttp.ClientSession | None = None
        # People act outside the running loop as well; what they begin goes on inside it.
        self._loop: asyncio.AbstractEventLoop | None = None
        self._trust: ssl.SSLContext | bool = True
        self._lines: dict[Hashable, deque[Waiting]] = {}
        self._due: list[tuple[float, int, Hashable]] = []
        self._order = itertools.count()
        self._flights: set[asyncio.Task[None]] = set()
        self._timer: asyncio.TimerHandle | None = None
        self._gone_since: float | None = None
        self._heard_of = 0

    # -- opening and closing ----------------------------------------------------------

    def open(self) -> None:
        connector = aiohttp.TCPConnector(limit=0)
        self._session = aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            skip_auto_headers=("User-Agent", "Accept"),
        )
        self._loop = asyncio.get_running_loop()
        self.put_up(self.hook)

    async def close(self) -> None:
        session, self._session, self._loop = self._session, None, None
        flights = list(self._flights)
        self._stop()
        await asyncio.gather(*flights, return_exceptions=True)
        if session is not None:
            await session.close()

    def put_up(self, hook: Hook | None) -> None:
        """What waits is delivered there from now on; without a hook it waits for a poller."""
        self._stop()
        self.hook, self.last_error, self._gone_since = hook, None, None
        self._trust = hook.trust if hook else True
        if hook is not None:
            for waiting in self.mailbox.queue:
                waiting.delay, waiting.failures = 1.0, 0
                self._stand_in_line(waiting)
        self._pump()

    def told(self) -> Raw:
        """What getWebhookInfo says of a webhook that is up."""
        if self.hook is None:
            return {}
        info: Raw = {"max_connections": self.hook.connections}
        if self.hook.ip_address:
            info["ip_address"] = self.hook.ip_address
        if self.last_error is not None:
            info["last_error_date"], info["last_error_message"] = self.last_error
        return info

    def _stop(self) -> None:
        for flight in self._flights:
            if flight is not asyncio.current_task(flight.get_loop()):
                flight.cancel()
        self._flights.clear()
        self._lines.clear()
        self._due.clear()
        if self._timer is not None:
            self._timer.cancel()

    # -- whose turn it is -------------------------------------------------------------

    def _arrived(self, waiting: Waiting) -> None:
        if self.hook is not None and self._session is not None:
            self._stand_in_line(waiting)
            self._pump()

    def _stand_in_line(self, waiting: Waiting) -> None:
        line = line_of(waiting)
        if line not in self._lines:
            self._lines[line] = deque()
            self._call_up(line, 0.0)
        self._lines[line].append(waiting)

    def _call_up(self, line: Hashable, delay: float) -> None:
        if self.shuffle:
            delay += self.dice.uniform(0, OVERTAKING)
        heapq.heappush(self._due, (self.mailbox.now() + delay, next(self._order), line))

    def _pump(self) -> None:
        """Begins what is due and may begin; looks again when the next is."""
        if self._timer is not None:
            self._timer.cancel()
        if self.hook is None or self._loop is None:
            return
        while self._due and len(self._flights) < self.hook.connections:
            wait = self._due[0][0] - self.mailbox.now()
            if wait > 0:
                self._timer = self._loop.call_later(wait, self._pump)
                break
            self._set_off(heapq.heappop(self._due)[2], self._loop)

    def _set_off(self, line: Hashable, loop: asyncio.AbstractEventLoop) -> None:
        waiting = self._lines[line].popleft()
        if not waiting.here:  # dropped, or too old by now
            self._next_in(line, 0.0)
            return
        self._flights.add(loop.create_task(self._fly(line, waiting)))

    def _next_in(self, line: Hashable, delay: float) -> None:
        if self._lines[line]:
            self._call_up(line, delay)
        else:
            del self._lines[line]

    # -- one attempt ------------------------------------------------------------------

    async def _fly(self, line: Hashable, waiting: Waiting) -> None:
        hook = self.hook
        failure = await self._post(waiting)
        if self.hook is not hook or hook is None:  # taken down while we were on our way
            return
        self._flights.discard(asyncio.current_task())
        if failure is None:
            self._heard(line, waiting)
        else:
            self._failed(line, waiting, failure)
        self._pump()

    def _heard(self, line: Hashable, waiting: Waiting) -> None:
        self._gone_since = None
        self._next_in(line, 0.0)
        self._heard_of += not waiting.again
        if self.duplicate and not waiting.again and self._heard_of % self.duplicate == 0:
            self.mailbox.again(waiting.id)
        self.mailbox.forget(waiting)

    def _failed(self, line: Hashable, waiting: Waiting, failure: Failure) -> None:
        self.last_error = int(self.stamp()), failure.said
        now = self.mailbox.now()
        if failure.status != 410:
            self._gone_since = None
        elif self._gone_since is None:
            self._gone_since = now
        elif now - self._gone_since > GONE_FOR:
            self.put_up(None)
            return
        delay = self._delay(waiting, failure) * self.hurry
        if now + delay > waiting.born + waiting.life:
            self.mailbox.forget(waiting)
            self._next_in(line, 0.0)
        else:
            self._lines[line].appendleft(waiting)
            self._call_up(line, delay)

    def _delay(self, waiting: Waiting, failure: Failure) -> float:
        """At once after the first failure, then 2, 4, 8 seconds up to one or two minutes."""
        first, waiting.failures = waiting.failures == 0, waiting.failures + 1
        asked = max(0, min(failure.retry_after, LONGEST_RETRY_AFTER))
        if asked or first:
            return float(asked)
        waiting.delay = min(self.dice.uniform(*LONGEST_WAITS), waiting.delay * 2)
        return waiting.delay

    async def _post(self, waiting: Waiting) -> Failure | None:
        hook, session = self.hook, self._session
        if hook is None or session is None or not hook.local:
            return Failure("Connection timed out")  # there is no way out of this machine
        try:
            async with session.post(
                hook.url,
                data=encode(waiting.update).encode(),
                headers=hook.headers,
                allow_redirects=False,
                timeout=aiohttp.ClientTimeout(total=self.patience),
                ssl=self._trust,
            ) as response:
                return await self._read(response)
        except (aiohttp.ClientError, OSError, TimeoutError) as problem:
            return Failure(in_telegrams_words(problem))

    async def _read(self, response: aiohttp.ClientResponse) -> Failure | None:
        if 200 <= response.status <= 299:
            method, raw = await call_in(response)
            if method:
                await self.answer(method, raw)
            return None
        await response.read()
        said = f"Wrong response from the webhook: {response.status} {response.reason}"
        after = response.headers.get("Retry-After", "")
        return Failure(said, response.status, int(after) if after.isdecimal() else 0)


async def nobody_answers(_method: str, _raw: Raw) -> None:
    """What stands for the Bot API until there is one."""
