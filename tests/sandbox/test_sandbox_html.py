"""HTML becomes text and entities as Telegram would have it."""

import pytest

from bot.sandbox.errors import Refusal
from bot.sandbox.html import parse_html
from bot.sandbox.texts import formatted, message_text


def kinds(source: str) -> list[tuple[str, int, int]]:
    text, entities = formatted({"text": source, "parse_mode": "HTML"})
    assert "<" not in text
    return [(one["type"], one["offset"], one["length"]) for one in entities]


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("<b>a</b> <strong>b</strong>", [("bold", 0, 1), ("bold", 2, 1)]),
        ("<i>a</i><em>b</em>", [("italic", 0, 1), ("italic", 1, 1)]),
        ("<u>a</u> <ins>b</ins>", [("underline", 0, 1), ("underline", 2, 1)]),
        ("<s>a</s>.<strike>b</strike>.<del>c</del>", [("strikethrough", n, 1) for n in (0, 2, 4)]),
        ("<tg-spoiler>a</tg-spoiler>", [("spoiler", 0, 1)]),
        ('<span class="tg-spoiler">a</span>', [("spoiler", 0, 1)]),
        ("<blockquote>a</blockquote>", [("blockquote", 0, 1)]),
        ("<blockquote expandable>a</blockquote>", [("expandable_blockquote", 0, 1)]),
        ("<code>a</code>", [("code", 0, 1)]),
        ("<pre>a</pre>", [("pre", 0, 1)]),
        ("<B>a</B>", [("bold", 0, 1)]),
        ("x<b>a<i>b</i></b>", [("bold", 1, 2), ("italic", 2, 1)]),
        ("🙂<b>я</b>", [("bold", 2, 1)]),
        ("<b></b>a", []),
        ("<b>a</>", [("bold", 0, 1)]),
        ("<code><b>a</b></code>", [("code", 0, 1)]),
        ("<b>a<code>b</code>c</b>", [("bold", 0, 1), ("code", 1, 1), ("bold", 2, 1)]),
        ("<b>a</b><pre>b</pre>", [("bold", 0, 1), ("pre", 1, 1)]),
        ("<pre>a</pre><b>b</b>", [("pre", 0, 1), ("bold", 1, 1)]),
    ],
)
def test_tags_become_entities(source: str, found: list[tuple[str, int, int]]) -> None:
    assert kinds(source) == found


def test_a_link_carries_its_address() -> None:
    text, entities = parse_html('<a href="https://x.bg/?a=1&amp;b=2">here</a>')
    link = {"type": "text_link", "url": "https://x.bg/?a=1&b=2", "offset": 0, "length": 4}
    assert (text, entities) == ("here", [link])


def test_a_block_of_code_knows_its_language() -> None:
    _text, entities = parse_html('<pre><code class="language-python">x</code></pre>')
    assert entities == [{"type": "pre", "language": "python", "offset": 0, "length": 1}]


def test_a_moment_keeps_its_time() -> None:
    _text, entities = parse_html('<tg-time unix="1700000000" format="wDT">soon</tg-time>')
    assert [(one["type"], one["unix_time"]) for one in entities] == [("date_time", 1700000000)]


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("&lt;b&gt; &amp; &quot;", '<b> & "'),
        ("&#1103;&#x44F;", "яя"),
        ("&nbsp; &copy;", "&nbsp; &copy;"),
        ("a & b &", "a & b &"),
        ("&#0;", "&#0;"),
    ],
)
def test_only_telegrams_own_references_are_read(source: str, text: str) -> None:
    assert parse_html(source) == (text, [])


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        ("hello, <br> you", 'Unsupported start tag "br" at byte offset 7'),
        ("я <x>", 'Unsupported start tag "x" at byte offset 3'),
        ("1 < 2", 'Unsupported start tag "" at byte offset 2'),
        ("<b>a", 'Can\'t find end tag corresponding to start tag "b"'),
        ("a</b>", "Unexpected end tag at byte offset 1"),
        ("<b>a</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("<b", "Unclosed start tag at byte offset 0"),
        ("<a href='x", "Unclosed start tag at byte offset 0"),
        ("<b>a</b", "Unclosed end tag at byte offset 4"),
        ("<span>a</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ('<a ="x">a</a>', 'Empty attribute name in the tag "a" at byte offset 0'),
        ("<a href=x/y>a</a>", "Unexpected end of name token at byte offset 8"),
    ],
)
def test_mistakes_are_refused_in_telegrams_words(source: str, complaint: str) -> None:
    with pytest.raises(Refusal) as refused:
        parse_html(source)
    assert refused.value.description == f"Bad Request: can't parse entities: {complaint}"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("/start now", [("bot_command", 0, 6)]),
        ("see /help@my_bot", [("bot_command", 4, 12)]),
        ("and/or", []),
        ("https://x.bg/a?b.", [("url", 0, 16)]),
        ("go to example.org, please", [("url", 6, 11)]),
        ("mail a.b@example.org", [("email", 5, 15)]),
        ("ask @bureau_bot!", [("mention", 4, 11)]),
        ("#тема and 10.12.2026", [("hashtag", 0, 5)]),
    ],
)
def test_telegram_finds_links_and_commands_by_itself(
    text: str, found: list[tuple[str, int, int]]
) -> None:
    assert kinds(text) == found


def test_nothing_is_found_inside_code() -> None:
    assert kinds("<code>/start</code>") == [("code", 0, 6)]


def test_text_is_trimmed_and_its_entities_move_along() -> None:
    text, entities = formatted({"text": "\n  <b> a</b> \n", "parse_mode": "HTML"})
    assert (text, entities) == ("a", [{"type": "bold", "offset": 0, "length": 1}])


def test_length_counts_after_parsing() -> None:
    text, _entities = message_text({"text": f"<b>{'я' * 4096}</b>", "parse_mode": "HTML"})
    assert len(text) == 4096


@pytest.mark.parametrize(
    ("params", "complaint"),
    [
        ({"text": "я" * 4097}, "message is too long"),
        ({"text": " \n "}, "message text is empty"),
        ({"text": "<b> </b>", "parse_mode": "HTML"}, "message text is empty"),
        ({"text": "a", "parse_mode": "Text"}, "unsupported parse_mode"),
        (
            {"text": "a", "entities": [{"type": "bold", "offset": 0, "length": 2}]},
            "entity beginning or length is out of the text",
        ),
    ],
)
def test_text_that_cannot_be_sent_is_refused(params: dict[str, object], complaint: str) -> None:
    with pytest.raises(Refusal) as refused:
        message_text(params)
    assert refused.value.description == f"Bad Request: {complaint}"
