"""Half a year, for which a report is made of what became of what was promised."""

import re
from dataclasses import dataclass
from datetime import date

from flows.wording.text import Text, msg


@dataclass(frozen=True, slots=True)
class HalfYear:
    """Six months of a year: number 1 begins in January. Raises ValueError for other numbers."""

    year: int
    number: int

    def __post_init__(self) -> None:
        if not (1 <= self.number <= 2 and 1 <= self.year < 9999):
            raise ValueError(f"there is no half {self.number} of {self.year}; give 1 or 2")

    @classmethod
    def parse(cls, text: str) -> "HalfYear":
        """The half year that is written "2026-H2". Raises ValueError that says so."""
        met = re.fullmatch(r"(\d{4})-?[HhSs]([12])", text.strip(), re.ASCII)
        if met is None:
            raise ValueError(f"{text!r} is no half year; write one like 2026-H2")
        return cls(int(met[1]), int(met[2]))

    @property
    def first(self) -> date:
        """The first day."""
        return date(self.year, 6 * self.number - 5, 1)

    @property
    def end(self) -> date:
        """The first day after it."""
        return date(self.year + self.number // 2, 7 if self.number == 1 else 1, 1)

    @property
    def before(self) -> "HalfYear":
        """The half year before this one."""
        return HalfYear(self.year - self.number % 2, 3 - self.number)

    @property
    def label(self) -> str:
        """As `parse` reads it: "2026-H2"."""
        return f"{self.year}-H{self.number}"

    @property
    def name(self) -> Text:
        """As people say it: "second half of 2026"."""
        return msg(f"commitment_report.half_{self.number}", year=str(self.year))


def half_year_of(day: date) -> HalfYear:
    """The half year in which a day is."""
    return HalfYear(day.year, 1 if day.month < 7 else 2)
