"""The sandbox as one thing: a town, its doors on the network, its clock."""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from urllib.parse import quote

from aiohttp import web

from bot.sandbox.api import Api, Observer, refused
from bot.sandbox.bots import Bot
from bot.sandbox.clock import Clock
from bot.sandbox.doors import Doors, Writer, sentences
from bot.sandbox.errors import Refusal
from bot.sandbox.events import Hub
from bot.sandbox.faults import Fault
from bot.sandbox.params import LARGEST_REQUEST
from bot.sandbox.town import Town
from bot.sandbox.webhook import Webhook

SHUTDOWN = 1.0


TOKEN = "1:sandbox"  # noqa: S105 - invented; it opens nothing but this sandbox
USERNAME = "sofia_bureau_bot"
NAME = "Бюро"


class Sandbox:
    def __init__(self, token: str = TOKEN, username: str = USERNAME, name: str = NAME) -> None:
        self.clock = Clock()
        self.town = Town(Bot(token, username, name), self.clock)
        self.api = Api(self.town)
        self.webhook.answer = self.api.answer_to_webhook
        self.hub = Hub(self.town)
        self.transcript_writer: Writer | None = None

    @property
    def token(self) -> str:
        return self.town.bot.token

    @property
    def webhook(self) -> Webhook:
        return self.town.bot.webhook

    def renew_token(self, token: str) -> None:
        """The old token opens nothing any more; the webhook set with it is gone."""
        self.town.bot.token = token
        self.town.bot.mailbox.displace(Refusal(401, "Unauthorized"))
        self.webhook.put_up(None)

    def on_call(self, observer: Observer) -> None:
        """Tells of each call when it is asked, accepted and answered; not of strange tokens."""
        self.api.observers.append(observer)

    @property
    def limits(self) -> bool:
        """Whether Telegram's pace is enforced."""
        return self.api.limits.on

    @limits.setter
    def limits(self, on: bool) -> None:
        self.api.limits.on = self.town.bot.mailbox.paced = on

    def expect_fault(self, fault: Fault) -> None:
        self.town.expect_fault(fault)

    async def idle(self, timeout: float = 10.0) -> None:  # noqa: ASYNC109 - waits for others
        """Until no update waits unconfirmed; raises TimeoutError."""
        await asyncio.wait_for(self.town.idle(), timeout)

    @asynccontextmanager
    async def serve(self, host: str = "127.0.0.1", port: int = 0) -> AsyncIterator[str]:
        """The address of the Bot API; the page is at the same address with a slash."""
        runner = web.AppRunner(
            self._app(), access_log=None, shutdown_timeout=SHUTDOWN, handle_signals=False
        )
        await runner.setup()
        try:
            site = web.TCPSite(runner, host, port)
            await site.start()
            self.api.closing.clear()
            self.town.bot.mailbox.closed = False
            self.webhook.open()
            yield f"http://{host}:{runner.addresses[0][1]}"
        finally:
            await self._let_go()
            await runner.cleanup()

    def _app(self) -> web.Application:
        app = web.Application(client_max_size=LARGEST_REQUEST, middlewares=[sentences])
        app.router.add_route("*", "/bot{token}/{method}", self.api.handle)
        app.router.add_get("/file/bot{token}/{path:.+}", self._download)
        app.add_routes(Doors(self.town, self.hub, lambda: self.transcript_writer).routes())
        return app

    async def _let_go(self) -> None:
        """Whoever waits for something gets an answer, so that closing does not take long."""
        self.api.closing.set()
        self.town.bot.mailbox.close()
        self.hub.close()
        await self.webhook.close()

    async def _download(self, request: web.Request) -> web.StreamResponse:
        if request.match_info["token"] != self.token:
            return refused(Refusal(401, "Unauthorized"))
        file = self.town.files.by_path(request.match_info["path"])
        if file is None:
            return refused(Refusal(404, "Not Found"))
        attachment = f"attachment; filename*=UTF-8''{quote(file.name)}"
        headers = {"Content-Disposition": attachment}
        return web.Response(body=file.content, content_type=file.mime_type, headers=headers)


async def serve_until_stopped(
    port: int, say: Callable[[str], None], sandbox: Sandbox | None = None
) -> None:
    sandbox = sandbox or Sandbox()
    async with sandbox.serve(port=port) as address:
        say(f"A local Telegram stands at {address}; its page at {address}/; token {sandbox.token}")
        await asyncio.Event().wait()


def say_aloud(sentence: str) -> None:
    sys.stdout.write(f"{sentence}\n")
    sys.stdout.flush()


def run(port: int, token: str = TOKEN, username: str = USERNAME, name: str = NAME) -> None:
    """Serves until interrupted."""
    try:
        asyncio.run(serve_until_stopped(port, say_aloud, Sandbox(token, username, name)))
    except KeyboardInterrupt:
        say_aloud("")
