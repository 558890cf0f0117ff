"""Transcripts: the people's lines are played, the bot's lines are compared."""

import difflib
import logging
from operator import attrgetter
from pathlib import Path

import pytest

from bot import texts
from bot.sandbox.transcript import Scribe
from bot.texts import Language
from tests.playing import Player, tell
from tests.talks import CORE, FOLDER, TranscriptError, read
from tests.world import Ground, living, person

STORIES = sorted(FOLDER.glob("*.*.txt"))


@pytest.mark.parametrize("path", STORIES, ids=attrgetter("stem"))
async def test_the_talk_goes_as_written(
    path: Path,
    ground: Ground,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    recording: bool,  # noqa: FBT001  # pytest hands fixtures by name
) -> None:
    written = path.read_text(encoding="utf-8")

    told = await _told(path.name, written, ground, tmp_path)
    if recording:
        path.write_text(told, encoding="utf-8")

    assert [one.getMessage() for one in caplog.records if one.levelno >= logging.ERROR] == []
    if told != written and not recording:
        pytest.fail(_difference(path.name, written, told), pytrace=False)


async def _told(name: str, written: str, ground: Ground, folder: Path) -> str:
    try:
        return await tell(written, ground, folder)
    except TranscriptError as stuck:
        reason = str(stuck)
    pytest.fail(f"{name}: {reason}", pytrace=False)


def _difference(name: str, written: str, told: str) -> str:
    lines = difflib.unified_diff(
        written.split("\n"), told.split("\n"), f"{name}, as written", "as told today", lineterm=""
    )
    return "\n".join(lines)


def test_telegram_refuses_something_only_where_the_story_is_about_that() -> None:
    refused = [one.name for one in STORIES if "\nTelegram! " in one.read_text(encoding="utf-8")]

    assert refused == ["double_press.en.txt"]


async def test_what_is_saved_from_the_sandbox_can_be_played(ground: Ground, tmp_path: Path) -> None:
    story = read((FOLDER / "two_people_one_slot.ar.txt").read_text(encoding="utf-8"))
    database = ground.copy(tmp_path)
    async with living(database, ground.key_file, start=story.start) as world:
        scribe, player = Scribe(world.sandbox.town), Player(world, story)
        for step in story.steps:
            await player.play(step)
        saved = scribe.write([person("Omar"), person("Olena")])

    assert await tell(saved, ground, tmp_path) == saved


def test_a_line_that_nobody_can_play_is_named() -> None:
    with pytest.raises(TranscriptError, match=r"^Line 4 is neither"):
        read("# A story.\n\n@ 2026-11-30 09:00\nolena says hello")


async def test_a_label_that_is_not_there_is_answered_with_those_that_are(
    ground: Ground, tmp_path: Path
) -> None:
    story = "# A story.\n\n@ 2026-11-30 09:00\nOlena (en): /start\nOlena: [Deutsch]"

    with pytest.raises(TranscriptError) as stuck:
        await tell(story, ground, tmp_path)

    assert str(stuck.value).split("\n")[-1] == (
        "There is no [Deutsch]. There are: [English] [Български] [العربية] [Українська]"
        " [Русский] [فارسی · دری] [Français] [Türkçe] [پښتو] [اردو]"
        " [➕ Other language · Друг език]"
    )


@pytest.mark.parametrize("language", texts.load().offered(), ids=attrgetter("code"))
def test_every_language_tells_the_core_stories(language: Language) -> None:
    told = {one.name.split(".")[0] for one in FOLDER.glob(f"*.{language.code}.txt")}

    assert set(CORE.read_text(encoding="utf-8").split()) - told == set()
