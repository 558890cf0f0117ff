"""How many messages a second the sandbox takes on one core, each of them checked in full."""

import asyncio
import json
from pathlib import Path

import aiohttp

from tests.benchmarks.load import PEOPLE
from tests.benchmarks.processes import free_port, is_there, running
from tests.benchmarks.stub import TOKEN

_WARM, _SENT = 20, 150  # by each of sixteen people's chats
_BUTTONS = [[{"text": f"📄 إجابة {one}", "callback_data": f"a:{one}:"}] for one in range(7)]
_WORDS = "<b>كيف يمكننا مساعدتك؟</b>\n\nاختر <i>موضوعًا</i>، أو اكتب سؤالك."


async def messages_a_second(folder: Path) -> float:
    """By the CPU seconds of the sandbox's process, so that nobody else on the machine counts."""
    url = f"http://127.0.0.1:{free_port()}"
    async with running("sandbox", url, folder) as process, aiohttp.ClientSession() as client:
        await is_there(url)
        await _send(client, url, _WARM)
        before = await process.cost()
        await _send(client, url, _SENT)
        after = await process.cost()
    return len(PEOPLE) * _SENT / (after.cpu - before.cpu)


async def _send(client: aiohttp.ClientSession, url: str, times: int) -> None:
    await asyncio.gather(*(_send_to(client, url, one, times) for one in PEOPLE))


async def _send_to(client: aiohttp.ClientSession, url: str, chat: int, times: int) -> None:
    markup = {"inline_keyboard": _BUTTONS}
    said = {"chat_id": chat, "text": _WORDS, "parse_mode": "HTML", "reply_markup": markup}
    body, headers = json.dumps(said).encode(), {"Content-Type": "application/json"}
    for _ in range(times):
        async with client.post(
            f"{url}/bot{TOKEN}/sendMessage", data=body, headers=headers
        ) as answer:
            if answer.status != 200:
                raise RuntimeError(await answer.text())
            await answer.read()
