"""What an entry of a thread says besides its words, as it is kept: one line of text."""

from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True)
class Detail:
    """A new status (`before`, `after`), a ready sentence, who speaks, and by when.

    `speaker` is the role of a member of the council. `until` is the day (ISO) by which something is to be
    done. `same` says that it was an answer to somebody who told the same.
    """

    before: str = ""
    after: str = ""
    phrase: str = ""
    speaker: str = ""
    until: str = ""
    same: str = ""

    def kept(self) -> str:
        """As it stands in the database."""
        change = f"{self.before}>{self.after}" if self.after else ""
        return "|".join((change, self.phrase, self.speaker, self.until, self.same)).rstrip("|")


def detail_of(kept: str) -> Detail:
    """What was kept; older entries have fewer parts."""
    change, *rest = kept.split("|")
    before, _, after = change.partition(">")
    return Detail(before, after, *rest[: len(fields(Detail)) - 2])
