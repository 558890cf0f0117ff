"""Where help is at once: numbers and sentences that need no database."""

from collections.abc import Mapping
from typing import Any

from bot.screen import Screen, lines, paragraphs
from bot.texts import N_, Language
from storage.bureau import Bureau, Helpline

AWAY_BRIEFLY = N_("Something of ours is not working. Please press again in a few minutes.")

_LINES: Mapping[str, tuple[str, ...]] = {
    "violence": ("violence",),
    "sexual_violence": ("violence",),
    "suicide": ("suicide", "child"),
    "trafficking": ("trafficking",),
    "locked_in": ("trafficking",),
    "child": ("child",),
    "not_breathing": (),
    "fire": (),
}
"""Which lines fit a danger, besides 112; of a danger nobody has named all of them do."""


def numbers(language: Language, bureau: Bureau, kind: str = "") -> str:
    """112 leads, with a sentence to read out in Bulgarian."""
    first = bureau.helplines[0]
    return paragraphs(
        language.say("<b>🆘 Call 112 now.</b> It is free from any phone, day and night."),
        language.say("Say first where you are, then what has happened."),
        *_aloud(language, _sentence(first, kind)),
        _others(language, bureau, kind),
    )


def _sentence(first: Helpline, kind: str) -> Mapping[str, Any]:
    told = first.read_out or {}
    fitting: Mapping[str, Any] = told.get("of", {}).get(kind) or told
    return fitting


def now(language: Language, bureau: Bureau, kind: str) -> Screen:
    """Words that speak of danger were heard: where help is, before anything else."""
    today = bureau.opens, bureau.closes
    return Screen(
        paragraphs(
            language.say("You are not alone. This comes first:"),
            numbers(language, bureau, kind),
            language.say(
                "Our staff is told that you wrote. They answer on working days, {opens}–{closes}."
                " Do not wait for them: call 112.",
                opens=f"{today[0]:%H:%M}",
                closes=f"{today[1]:%H:%M}",
            ),
        )
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
            _others(language, bureau, ""),
        )
    )


def _others(language: Language, bureau: Bureau, kind: str) -> str:
    wanted = _LINES.get(kind)
    fitting = [
        one for one in bureau.helplines[1:] if wanted is None or not one.dangers.isdisjoint(wanted)
    ]
    return lines(
        *(
            language.say("📞 {number}: {name}", number=one.number, name=language.pick(one.name))
            for one in fitting
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
