"""What a check found: figures to print, and faults, of which there should be none."""

from collections.abc import Iterable
from dataclasses import dataclass, field

_SHOWN = 30


@dataclass
class Findings:
    """Figures by name, in the order they were found, and everything that is wrong."""

    figures: dict[str, int] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    def same(self, what: str, effects: int, told: int) -> None:
        self.figures[what] = effects
        if effects != told:
            self.faults.append(f"{what}: {effects} in the database, {told} by what people did")

    def none(self, what: str, found: Iterable[object]) -> None:
        there = list(found)
        self.figures[what] = len(there)
        self.faults += [f"{what}: {one}" for one in there]

    def __str__(self) -> str:
        figures = [f"{n:>8}  {what}" for what, n in self.figures.items()]
        return "\n".join([*figures, *(f"   WRONG  {one}" for one in self.faults[:_SHOWN])])
