"""Right to left: what is filled in is isolated, and a line keeps its language's direction."""

import re
import unicodedata

# First-strong isolate and its end: what stands between them cannot turn the line around it.
FSI, PDI = "\u2068", "\u2069"
# Says that a line runs from right to left where nothing visible in it says so.
RLM = "\u200f"

_SILENT = re.compile(f"{FSI}[^{FSI}{PDI}]*{PDI}|<[^>]*>")


def isolated(text: str) -> str:
    """Each line by itself, for an isolate ends with its line."""
    return "\n".join(f"{FSI}{line}{PDI}" if line else "" for line in text.split("\n"))


def anchored(text: str) -> str:
    """Each line without a letter of its own, only icon and filled blanks, begins from the right.

    Telegram takes a line's direction from its first letter outside isolates.
    """
    return "\n".join(
        f"{RLM}{line}" if line and not _has_letters(line) else line for line in text.split("\n")
    )


def _has_letters(line: str) -> bool:
    """Whether a line says its direction itself, outside isolates and markup.

    Some icons count as Latin letters (SOS, P); to a reader they are pictures.
    """
    own = line
    while (shorter := _SILENT.sub("", own)) != own:
        own = shorter
    return any(
        unicodedata.bidirectional(char) in {"L", "R", "AL"} and unicodedata.category(char) != "So"
        for char in own
    )
