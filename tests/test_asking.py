"""Questions from a terminal get the answer of the chat; a bad line never costs the others."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bot.__main__ import FAILED, OK, WRONG
from bot.asking import Answers, QuestionError, batch, in_json, in_words
from bot.office.danger import Danger
from bot.searching import kept_in
from tests.office.finding import town
from tests.world import known

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> Answers:
    locales = tmp_path_factory.mktemp("locales")
    titles = {(one.language, one.code): one.title for one in town.texts()}
    return Answers(("en", "bg", "ru", "ar"), titles, town.finder(), Danger.load(locales))


def asked(answers: Answers, *lines: str | bytes) -> list[tuple[int, Any]]:
    sent = [one.encode() if isinstance(one, str) else one for one in lines]
    return [
        (number, str(answer) if isinstance(answer, QuestionError) else json.loads(answer))
        for number, answer in batch(answers, sent)
    ]


def test_a_batch_is_answered_in_its_order_with_its_ids(answers: Answers) -> None:
    lines = [
        '{"id": "b", "question": "open a bank account"}',
        "",
        '{"id": 1, "question": "Здравей", "ui": "bg"}',
    ]

    [(one, first), (three, third)] = asked(answers, *lines)

    assert (one, three) == (1, 3)
    assert list(first) == ["id", "lang", "action", "hits"]
    assert (first["id"], first["lang"], first["action"]) == ("b", "en", "answer")
    assert [list(hit) for hit in first["hits"]] == [["id", "score"]] * 3
    assert first["hits"][0]["id"] == "bank"
    assert (third["id"], third["lang"], third["action"]) == (1, "bg", "smalltalk")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("nonsense", "this is no JSON."),
        (b"\xff\xfe", "this is no JSON."),
        ("[" * 100_000, "this is no JSON."),
        ("[1]", 'this is no object like {"id": 1, "question": "…"}.'),
        ('{"id": 1}', '"question" is missing, or no text.'),
        ('{"id": 1, "question": 2}', '"question" is missing, or no text.'),
        ('{"question": "x"}', '"id" is missing, or neither text nor number.'),
        ('{"id": true, "question": "x"}', '"id" is missing, or neither text nor number.'),
        (
            '{"id": 1, "question": "x", "ui": "xx"}',
            '"ui" is none of our languages: en, bg, ru, ar.',
        ),
    ],
)
def test_a_bad_line_is_named_and_the_next_is_answered(
    answers: Answers, line: str | bytes, said: str
) -> None:
    good = '{"id": 2, "question": "help"}'

    [bad, (number, answer)] = asked(answers, line, good)

    assert bad == (1, said)
    assert (number, answer["action"]) == (2, "person")


def test_any_text_gets_an_answer(answers: Answers) -> None:
    lines = [
        json.dumps({"id": 1, "question": one}) for one in ("\ud83d", "\0", "👍", "", "x" * 9999)
    ]

    assert [answer["action"] for _, answer in asked(answers, *lines)] == ["none"] * 5


def test_for_people_the_articles_have_titles(answers: Answers) -> None:
    shown = in_words(answers.find("open a bank account", "en"), answers).splitlines()

    assert shown[0] == "en: answer"
    assert shown[1].split(maxsplit=2)[1:] == ["bank", "Open a bank account"]


def test_for_scripts_the_scores_are_short_numbers(answers: Answers) -> None:
    shown = in_json(answers.find("bank", "en"))

    assert all(hit["score"] == round(hit["score"], 4) for hit in shown["hits"])


def program(*arguments: str, folder: Path, sent: bytes = b"") -> tuple[int, str, str]:
    done = subprocess.run(  # noqa: S603  # our own program, no shell
        [sys.executable, "-m", "bot", "ask", *arguments],
        check=False,
        capture_output=True,
        input=sent,
        timeout=120,
        cwd=folder,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "XDG_CACHE_HOME": str(folder)},
    )
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def test_the_program_answers_from_the_files_and_remembers(tmp_path: Path) -> None:
    known()
    kept = tmp_path / "bureau-bot"
    kept.mkdir()
    for one in kept_in().glob("danger-*.npz"):
        shutil.copy(one, kept)  # words of danger take longest to learn, and are learned elsewhere
    sent = '{"id": 1, "question": "my husband beats me"}\nx\n{"id": 2, "question": "???"}\n'

    code, out, err = program("--batch", folder=tmp_path, sent=sent.encode())
    again = program("--json", "--language", "bg", "лична карта", folder=tmp_path)

    emergency, nothing = (json.loads(line) for line in out.splitlines())
    assert (code, err) == (FAILED, "bureau-bot: line 2: this is no JSON.\n")
    assert (emergency["id"], emergency["action"]) == (1, "emergency")
    assert nothing == {"id": 2, "lang": "en", "action": "none", "hits": []}
    assert (again[0], again[2], json.loads(again[1])["lang"]) == (OK, "", "bg")


@pytest.mark.parametrize("arguments", [(), ("--batch", "x"), ("--language", "xx", "bank")])
def test_what_cannot_be_asked_is_one_line(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    code, out, err = program(*arguments, folder=tmp_path)

    assert (code, out, err.count("\n")) == (WRONG, "", 1)
    assert err.startswith("bureau-bot: ")
