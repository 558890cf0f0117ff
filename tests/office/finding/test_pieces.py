"""Words are cut into pieces inside them, edges counted; the same pieces in every process."""

import numpy as np

from bot.office.finding.pieces import WORD, Cut, pieces


def spelled(texts: list[str]) -> list[tuple[str, int]]:
    """The pieces of letters, as letters."""
    codes, owners = pieces(texts, Cut(words=False))
    shown = (int(code).to_bytes(8, "big").decode("utf-16-be").strip("\0") for code in codes)
    return sorted(zip(shown, owners.tolist(), strict=True))


def test_a_word_is_cut_into_two_three_and_four_letters_with_its_edges() -> None:
    assert [piece for piece, _ in spelled(["abc"])] == sorted(
        [" a", "ab", "bc", "c ", " ab", "abc", "bc ", " abc", "abc "]
    )


def test_no_piece_reaches_into_the_next_word_or_text() -> None:
    apart = spelled(["ab"]) + [(piece, 1) for piece, _ in spelled(["cd"])]
    together = spelled(["ab cd"])

    assert spelled(["ab", "cd"]) == sorted(apart)
    assert sorted(piece for piece, _ in together) == sorted(piece for piece, _ in apart)


def test_a_word_is_a_piece_and_is_the_same_anywhere() -> None:
    codes, owners = pieces(["дом", "мой дом здесь", "дома"], Cut())
    words = [(code, owner) for code, owner in zip(codes, owners, strict=True) if code >= WORD]
    home = words[0][0]

    assert [owner for code, owner in words if code == home] == [0, 1]
    assert len({code for code, _ in words}) == 4


def test_neighbours_are_a_piece_in_their_order_and_never_across_texts() -> None:
    codes, owners = pieces(["a b", "b a", "a", "b"], Cut(words=False, pairs=True))
    pairs = [(code, owner) for code, owner in zip(codes, owners, strict=True) if code >= WORD]

    assert [owner for _, owner in pairs] == [0, 1]
    assert pairs[0][0] != pairs[1][0]


def test_codes_are_the_same_in_every_process() -> None:
    codes, _ = pieces(["помощ"], Cut())

    assert int(codes.sum(dtype=np.uint64)) == 13595535698158964148
