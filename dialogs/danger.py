"""Where help is at once: numbers and sentences that need no database."""

from collections.abc import Mapping
from typing import Any

from bot.screen import Screen, lines, paragraphs
from bot.texts import N_, Language
from storage.bureau import Bureau

AWAY_BRIEFLY = N_("Something of ours is not working. Please press again in a few minutes.")


def numbers(language: Language, bureau: Bureau) -> str:
    """112 leads, with a sentence to read out in Bulgarian."""
    first = bureau.helplines[0]
    return paragraphs(
        language.say("<b>🆘 Call 112 now.</b> It is free from any phone, day and night."),
        language.say("Say first where you are, then what has happened."),
        *_aloud(language, first.read_out or {}),
        _others(language, bureau),
    )


def away(language: Language, bureau: Bureau) -> Screen:
    """What anybody is shown while nothing can be looked up: it is said, and where help is."""
    return Screen(
        paragraphs(
            language.say(
                "Something of ours is not working just now. What you wrote is not lost: the answer"
                " comes when it works again. You need not write it once more."
            ),
            language.say("📍 {address}", address=language.pick(dict(bureau.address))),
            language.say("<b>In danger call 112.</b> It is free from any phone, day and night."),
            _others(language, bureau),
        )
    )


def _others(language: Language, bureau: Bureau) -> str:
    return lines(
        *(
            language.say("📞 {number}: {name}", number=one.number, name=language.pick(one.name))
            for one in bureau.helplines[1:]
        )
    )


def _aloud(language: Language, told: Mapping[str, Any]) -> list[str]:
    """A sentence for the other end of the line, and how it sounds to who cannot read Cyrillic."""
    sentence = language.say("<b>{sentence}</b>", sentence=str(told.get("say", "")))
    if language.code == "bg":
        return [sentence]
    return [
        lines(language.say("Read this out in Bulgarian:"), sentence),
        language.say("🔊 {sounds}", sounds=language.pick(told.get("sounds", {}))),
        language.say("It means: {meaning}", meaning=language.pick(told.get("means", {}))),
    ]
