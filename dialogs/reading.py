"""An article as it is read: what to do, whom to go to, who helps free, where it comes from."""

from datetime import date
from urllib.parse import quote

from bot.desk import Desk
from bot.screen import lines, paragraphs
from bot.texts import SOURCE
from dialogs.markdown import html_of
from storage import articles
from storage.tables import Article

_MAP = "https://www.openstreetmap.org/search?query="


def article_text(desk: Desk, article: Article, language: str = "") -> tuple[str, str]:
    """The words of an article and the language they are in: this one, or the reader's."""
    bodies = articles.bodies(article)
    told_in = language if language in bodies else desk.language.speaks(bodies)
    text = paragraphs(
        desk.say("<b>{title}</b>", title=articles.titles(article)[told_in]),
        _in_place(desk, article, told_in),
        html_of(bodies[told_in]),
        _law(desk, article),
        _institution(desk, article),
        _free_help(desk, article),
        _source(desk, article),
    )
    return text, told_in


def map_link(address: str) -> str:
    """Finds an address as it is written in Bulgarian."""
    return _MAP + quote(address)


def _in_place(desk: Desk, article: Article, told_in: str) -> str:
    """Say honestly what this text is: another language, an older text, an unsigned translation."""
    language = desk.languages.get(told_in)
    if told_in != desk.language.code:
        return desk.say("This text is in {language}.", language=language.name)
    if told_in in articles.stale(article):
        return desk.say("<i>The Bulgarian text is newer than this translation.</i>")
    if language.signed_by is None and told_in not in {SOURCE, "bg"}:
        return desk.say("<i>Translation not yet checked by a native speaker.</i>")
    return ""


def _law(desk: Desk, article: Article) -> str:
    if not article.law_changed:
        return ""
    return desk.say(
        "⚠️ The law on asylum changed in June 2026. Our legal clinic tells you what holds for your"
        " case. This text helps you find your way; it is not the law."
    )


def _institution(desk: Desk, article: Article) -> str:
    at = article.institution
    names = {code: name for code, name in at.items() if len(code) == 2}
    if not names:
        return ""
    own, bulgarian = desk.pick(names), names.get("bg", "")
    return lines(
        desk.say("🏛 {institution}", institution=own)
        if own == bulgarian
        else desk.say("🏛 {institution} ({bulgarian})", institution=own, bulgarian=bulgarian),
        desk.say("📍 {address}", address=at["address"]) if at.get("address") else "",
        desk.say("☎️ {phone}", phone=at["phone"]) if at.get("phone") else "",
        desk.say("🌐 {website}", website=at["website"]) if at.get("website") else "",
    )


def _free_help(desk: Desk, article: Article) -> str:
    if not article.free_help:
        return ""
    helpers = [
        desk.say("• {helper}, {website}", helper=desk.pick(_names(one)), website=one["website"])
        for one in article.free_help
    ]
    return lines(desk.say("🤝 They help free of charge:"), *helpers)


def _names(institution: dict[str, str]) -> dict[str, str]:
    return {code: name for code, name in institution.items() if len(code) == 2}


def _our_own(desk: Desk, article: Article) -> str:
    """Staff wrote it from what they know; a file's answer always has a source."""
    if article.confirmed_on is None:
        return ""
    day = desk.language.day(article.confirmed_on)
    return desk.say("🔎 The bureau wrote this text on {day}", day=day)


def _source(desk: Desk, article: Article) -> str:
    if not article.source:
        return _our_own(desk, article)
    if article.confirmed_on is not None:
        return desk.say(
            "🔎 Source: {source}\nThe bureau confirmed this text on {day}",
            source=article.source,
            day=desk.language.day(article.confirmed_on),
        )
    year, month = map(int, article.seen_on.split("-")[:2])
    return desk.say(
        "🔎 Source: {source}\nWe read it in {month}. The bureau has not confirmed it yet.",
        source=article.source,
        month=desk.language.month(date(year, month, 1)),
    )
