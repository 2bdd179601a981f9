"""Quarters of a year, in which the programme counts."""

import re
from dataclasses import dataclass
from datetime import date

from flows.wording.text import Text, msg


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """Three months of a year: number 1 begins in January. Raises ValueError for other numbers."""

    year: int
    number: int

    def __post_init__(self) -> None:
        if not (1 <= self.number <= 4 and 1 <= self.year < 9999):
            raise ValueError(f"there is no quarter {self.number} of {self.year}; give 1 to 4")

    @classmethod
    def parse(cls, text: str) -> "Quarter":
        """The quarter that is written "2026-Q4". Raises ValueError that says so."""
        met = re.fullmatch(r"(\d{4})-?[QqTt]([1-4])", text.strip(), re.ASCII)
        if met is None:
            raise ValueError(f"{text!r} is no quarter; write one like 2026-Q4")
        return cls(int(met[1]), int(met[2]))

    @property
    def first(self) -> date:
        """The first day."""
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def end(self) -> date:
        """The first day after it."""
        return self.next.first

    @property
    def next(self) -> "Quarter":
        """The quarter after this one."""
        return Quarter(self.year + self.number // 4, self.number % 4 + 1)

    @property
    def label(self) -> str:
        """As `parse` reads it: "2026-Q4"."""
        return f"{self.year}-Q{self.number}"

    @property
    def name(self) -> Text:
        """As people say it: "4th quarter of 2026"."""
        return msg(f"indicator.quarter.{self.number}", year=str(self.year))


def quarter_of(day: date) -> Quarter:
    """The quarter in which a day lies."""
    return Quarter(day.year, (day.month + 2) // 3)
