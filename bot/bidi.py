"""Right to left: what is filled in is isolated, and a line keeps its language's direction."""

import unicodedata

# First-strong isolate and its end: what stands between them cannot turn the line around it.
FSI, PDI = "\u2068", "\u2069"
# Says that a line runs from right to left where nothing visible in it says so.
RLM = "\u200f"


def isolated(text: str) -> str:
    """Each line by itself, for an isolate ends with its line."""
    return "\n".join(f"{FSI}{line}{PDI}" if line else "" for line in text.split("\n"))


def anchored(text: str) -> str:
    """Each line begins from the right, also one that begins with an icon and a filled blank.

    Telegram takes a line's direction from its first letter outside isolates; a line of an icon and
    an address has none.
    """
    return "\n".join(
        f"{RLM}{line}" if line and not _runs_rtl(line) else line for line in text.split("\n")
    )


def _runs_rtl(line: str) -> bool:
    depth, in_tag = 0, False
    for char in line:
        if char in "<>":
            in_tag = char == "<"
        depth += (char == FSI) - (char == PDI)
        kind = unicodedata.bidirectional(char)
        if not depth and not in_tag and kind in {"L", "R", "AL"}:
            return kind != "L"
    return False
