"""What was learned of a language is kept in a file named after the texts it was learned from."""

import contextlib
import hashlib
import json
import os
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.office.finding import index, tongues
from bot.office.finding.correcting import Vocabulary
from bot.office.finding.index import Index, Side, Text
from bot.office.finding.postings import Postings
from bot.office.finding.spellings import Spelling
from bot.office.finding.tongues import Sample

_KEPT = 2
"""Of each language: the books of the bot and the files may differ, and both are asked in turn."""

Arrays = Mapping[str, NDArray[Any]]


@dataclass(frozen=True, slots=True)
class Kept:
    """One language, learned."""

    stamp: str
    index: Index
    sample: Sample
    vocabulary: Vocabulary


def kept(
    language: str, texts: Sequence[Text], folder: Path | None, old: Kept | None = None
) -> Kept:
    """From memory, from the folder, or learned now and put there for the next time."""
    stamp = _stamp(texts)
    if old is not None and old.stamp == stamp:
        return old
    file = folder and folder / f"{language}-{stamp}.npz"
    found = _read(file, language, stamp) if file else None
    if found is None:
        found = _learned(language, texts, stamp)
        if file:
            with contextlib.suppress(OSError):  # a full or closed disk costs time, not answers
                _write(file, found)
    return found


def _learned(language: str, texts: Sequence[Text], stamp: str) -> Kept:
    said = [words for one in texts for words in (one.title, *one.phrasings, one.body)]
    sample = tongues.sample(language, texts)
    return Kept(stamp, index.build(language, texts), sample, Vocabulary.of(said))


def _stamp(texts: Sequence[Text]) -> str:
    """Of the texts, and of how we learn from them: an upgrade never trusts what it finds."""
    said = [[one.language, one.code, one.title, list(one.phrasings), one.body] for one in texts]
    here = Path(__file__).parent
    ours = sorted([*here.glob("*.py"), *here.glob("*.yaml")])
    manner = [path.read_text("utf-8") for path in ours]
    whole = json.dumps([np.__version__, manner, said])
    return hashlib.sha256(whole.encode()).hexdigest()[:20]


def _read(file: Path, language: str, stamp: str) -> Kept | None:
    """A file that is missing or damaged is as good as none: we learn again."""
    try:
        with file.open("rb") as opened, np.load(opened, allow_pickle=False) as arrays:
            return Kept(stamp, _index(language, arrays), _sample(arrays), _vocabulary(arrays))
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None


def _write(file: Path, one: Kept) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    beside = file.with_suffix(f".{os.getpid()}.part")
    with beside.open("wb") as out:
        np.savez(out, allow_pickle=False, **_arrays(one))
    beside.replace(file)  # another process reads the old file or the new one, never half
    others = file.parent.glob(f"{one.index.language}-*.npz")
    for older in sorted(others, key=lambda path: path.stat().st_mtime_ns)[:-_KEPT]:
        older.unlink(missing_ok=True)


def _arrays(one: Kept) -> dict[str, NDArray[Any]]:
    arrays: dict[str, NDArray[Any]] = {
        "answers": np.array(one.index.answers),
        "owners": one.index.owners,
        "sides": np.array(list(one.index.sides)),
        "scripts": np.array(list(one.sample.counts)),
        "words": np.array(" ".join(one.vocabulary.words)),
        "words.spelt": one.vocabulary.spelt,
        "words.whose": one.vocabulary.whose,
    }
    for name, side in one.index.sides.items():
        arrays |= {
            f"{name}.codes": side.codes,
            f"{name}.rarity": side.rarity,
            f"{name}.voices": side.voices,
            **_postings(f"{name}.known", side.known),
            **_postings(f"{name}.details", side.details),
        }
    for name, (codes, often) in one.sample.counts.items():
        arrays |= {f"{name}.pieces": codes, f"{name}.often": often}
    return arrays


def _postings(name: str, one: Postings) -> dict[str, NDArray[Any]]:
    return {
        f"{name}.starts": one.starts,
        f"{name}.where": one.where,
        f"{name}.weights": one.weights,
        f"{name}.size": np.array(one.size),
    }


def _index(language: str, arrays: Arrays) -> Index:
    sides = {
        name: Side(
            Spelling(language, name),
            arrays[f"{name}.codes"],
            arrays[f"{name}.rarity"],
            _posted(arrays, f"{name}.known"),
            _posted(arrays, f"{name}.details"),
            arrays[f"{name}.voices"],
        )
        for name in arrays["sides"].tolist()
    }
    return Index(language, tuple(arrays["answers"].tolist()), arrays["owners"], sides)


def _posted(arrays: Arrays, name: str) -> Postings:
    return Postings(
        arrays[f"{name}.starts"],
        arrays[f"{name}.where"],
        arrays[f"{name}.weights"],
        int(arrays[f"{name}.size"]),
    )


def _sample(arrays: Arrays) -> Sample:
    names = arrays["scripts"].tolist()
    return Sample({one: (arrays[f"{one}.pieces"], arrays[f"{one}.often"]) for one in names})


def _vocabulary(arrays: Arrays) -> Vocabulary:
    words = tuple(str(arrays["words"]).split())
    return Vocabulary(words, arrays["words.spelt"], arrays["words.whose"])
