"""What stands before several bots and has one address: it passes updates on in turn."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from itertools import count

import aiohttp
from aiohttp import web


@asynccontextmanager
async def balanced(port: int, behind: Sequence[int]) -> AsyncIterator[None]:
    """Listens until left; whoever is dead just then costs Telegram a 502."""
    turns = count()
    async with aiohttp.ClientSession() as client:

        async def pass_on(request: web.Request) -> web.Response:
            address = f"http://127.0.0.1:{behind[next(turns) % len(behind)]}{request.path}"
            body = await request.read()
            kept = {
                name: value
                for name, value in request.headers.items()
                if name.startswith(("X-Telegram", "Content-Type"))
            }
            try:
                async with client.post(address, data=body, headers=kept) as answer:
                    again = {"Retry-After": answer.headers.get("Retry-After", "0")}
                    return web.Response(status=answer.status, headers=again)
            except aiohttp.ClientError:
                return web.Response(status=502)

        app = web.Application()
        app.router.add_post("/{path:.*}", pass_on)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=1, handle_signals=False)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", port).start()
        try:
            yield
        finally:
            await runner.cleanup()
