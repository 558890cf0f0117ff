"""The one port we listen on: updates from Telegram, a line of health, figures for Prometheus."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

from aiohttp import web

from bot.pulse import Pulse
from bot.webhook import LARGEST_UPDATE, Webhook

_GOODBYE_SECONDS = 8.0
_LISTENS_ON_SECONDS = 1.0  # to who was refused and still speaks, so that they hear it


@dataclass(frozen=True, slots=True)
class Door:
    """``look`` freshens the pulse; ``webhook`` is None when we poll."""

    pulse: Pulse
    look: Callable[[], Awaitable[None]]
    webhook: Webhook | None = None
    url: str = ""

    @asynccontextmanager
    async def open(self, listen: str) -> AsyncIterator[str]:
        """Listen at host:port; yields where that is. At the end who is inside is served first."""
        host, _, port = listen.rpartition(":")
        runner = web.AppRunner(
            self._app(),
            access_log=None,
            shutdown_timeout=_GOODBYE_SECONDS,
            handle_signals=False,
            lingering_time=_LISTENS_ON_SECONDS,
            auto_decompress=False,  # nobody we know packs; a small pack may hold a mountain
        )
        await runner.setup()
        try:
            await web.TCPSite(runner, host.strip("[]"), int(port)).start()
            yield f"http://{host}:{runner.addresses[0][1]}"
        finally:
            await runner.cleanup()

    def _app(self) -> web.Application:
        app = web.Application(client_max_size=LARGEST_UPDATE)
        app.router.add_get("/health", self._health)
        app.router.add_get("/metrics", self._metrics)
        if self.webhook is not None:
            app.router.add_post(urlsplit(self.url).path or "/", self.webhook.receive)
        return app

    async def _health(self, _: web.Request) -> web.Response:
        await self.look()
        health = self.pulse.health()
        return web.Response(text=f"{health.line}\n", status=200 if health.well else 503)

    async def _metrics(self, _: web.Request) -> web.Response:
        await self.look()
        exposed = self.pulse.exposition()
        headers = {"Content-Type": "text/plain; version=0.0.4; charset=utf-8"}
        return web.Response(body=exposed, headers=headers)
