"""Row data of a consultation as a file: whose answers may be in it, when it may be made, and in which form.

Only answers are in it whose authors agreed to that. Another file of other rows is made only where many
differ (`bot.results.shown.row_releases`).
"""

import asyncio
import io
import zipfile
from collections.abc import Sequence
from typing import Final

import msgspec

from bot.core.councils import head_of
from bot.core.localtime import local, now_ms
from bot.reports.rendered import Item
from bot.reports.rows import parquet, syntax, text
from bot.reports.rows.table import Answered, RowData, profile_of, row_data
from bot.reports.rows.variables import Words
from bot.reports.rows.workbook import MOST_ROWS, write_workbook
from bot.results import summaries
from bot.results.making import CannotMake, FileKind, Made, Making, written
from bot.results.shown.row_releases import Release
from bot.staff.open_answers import heard
from flows.dialog.definition import Head
from flows.dialog.effects import ROWS_SINCE
from flows.kinds import kinds
from flows.statistics.coarsening import Coarsened, coarsened, recoded
from flows.statistics.summary import SMALLEST
from flows.wording.text import Translated, msg
from storage.rows import StoredConsultation
from storage.rows.broadcasts import ChangesOf
from storage.rows.downloads import AgreedResponsesPage, ResponsesPage, RowRelease
from storage.rows.responses import CountStanding

#: What can be chosen, the first if nothing is: what stands in the cells, and how several choices do.
VALUES: Final = ("labels", "codes")
SEVERAL: Final = ("each", "one")


async def _make(making: Making) -> Made:
    async with making.storage.reading() as tx:
        consultation = await making.consultation(tx)
        counted = await tx.row(CountStanding, consultation_id=consultation.id)
        hidden = await summaries.hidden_of(tx, consultation.id)
        entered = await heard.entries(tx, consultation.id)
        changes = await tx.rows(ChangesOf, consultation_id=consultation.id)
    kind, head = kinds()[consultation.kind], head_of(consultation)
    if too_early(consultation):
        raise CannotMake("rows.open")
    making.progress.whole = counted.n if counted else 0
    own_words, heard_in = kind.own_words(head), kind.heard(head)
    everybody = making.rows(ResponsesPage, consultation_id=consultation.id)
    agreed = making.rows(AgreedResponsesPage, consultation_id=consultation.id, since=ROWS_SINCE)

    def read() -> tuple[list[ResponsesPage], set[int]]:
        standing = []
        for stored in everybody:
            making.progress.done += 1
            if stored.state != "withdrawn":
                standing.append(heard.laid(stored, heard_in, entered))
        return standing, {stored.id for stored in agreed}

    kept, absent = _parted(*await asyncio.to_thread(read))
    if making.row.format == "xlsx" and len(kept) > MOST_ROWS:
        raise CannotMake("rows.too_large")
    if len(kept) < SMALLEST:
        raise CannotMake("downloads.too_few")
    moments = sorted(change.at for change in changes)

    def answered(some: Sequence[ResponsesPage], cohorts: Sequence[int]) -> list[Answered]:
        return [
            Answered(
                summaries.response_of(stored, own_words, hidden),
                1 + sum(at <= stored.updated_at for at in moments),
                cohort,
            )
            for stored, cohort in zip(some, cohorts, strict=True)
        ]

    async with making.storage.reading() as tx:
        last = await tx.row(RowRelease, consultation_id=consultation.id)
    release = Release(last, making.vault, kept)
    release.check()
    here, others = answered(kept, release.cohorts), answered(absent, [0] * len(absent))
    profiles = [profile_of(one) for one in here]
    if release.same:
        told = recoded(profiles, release.before, release.withheld)
    else:
        beside = [profile_of(one) for one in others]
        told = await asyncio.to_thread(coarsened, profiles, beside, release.before)
        async with making.storage.transaction() as tx:
            await release.keep(tx, consultation.id, profiles, told)
    return await asyncio.to_thread(_write, making, head, here, told, len(absent))


def too_early(consultation: StoredConsultation) -> bool:
    """Whether people can still change their answers: what changed between two files would show whose they are."""
    return kinds()[consultation.kind].single and consultation.state == "open"


def _parted(
    standing: Sequence[ResponsesPage], agreed: set[int]
) -> tuple[list[ResponsesPage], list[ResponsesPage]]:
    """Those that are in the file, and those that are not. Where few are not, so many more are left out that
    nobody can tell from the totals what those few said: the oldest, so that they are the same in each file.
    """
    kept = [stored for stored in standing if stored.id in agreed]
    left = len(standing) - len(kept)
    more = SMALLEST - left if 0 < left < SMALLEST else 0
    kept = kept[more:]
    inside = {stored.id for stored in kept}
    return kept, [stored for stored in standing if stored.id not in inside]


# --------------------------------------------------------------------------- the file


def _write(
    making: Making, head: Head, answered: Sequence[Answered], told: Coarsened, left: int
) -> Made:
    options = msgspec.json.decode(making.row.filters)
    values = options.get("values", VALUES[0])
    # In SPSS a choice of several is a variable of its own.
    several = "each" if making.row.format == "spss" else options.get("several", SEVERAL[0])
    data = row_data(head, making.council, answered, told, several)
    about = _about(making, head, data, left)
    language, code = making.row.language, head.code
    out = io.BytesIO()
    match making.row.format:
        case "xlsx":
            write_workbook(data, about, language, values, out)
        case "spss":
            _pack(
                out,
                {
                    f"{code}.csv": syntax.numbered_csv(data),
                    f"{code}.sps": syntax.syntax(data, language, f"{code}.csv"),
                    **_beside(code, data, about, language),
                },
            )
        case "parquet":
            answers = parquet.answers_parquet(data, language, values)
            _pack(out, {f"{code}.parquet": answers, **_beside(code, data, about, language)})
        case _:
            answers = text.answers_csv(data, language, values)
            _pack(out, {f"{code}.csv": answers, **_beside(code, data, about, language)})
    return written(making.path, out.getvalue())


def _beside(code: str, data: RowData, about: Sequence[Item], language: str) -> dict[str, bytes]:
    return {
        f"{code}-codebook.csv": text.codebook_csv(data, language),
        f"{code}-about.csv": text.about_csv(about),
    }


def _pack(out: io.BytesIO, files: dict[str, bytes]) -> None:
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)


def _about(making: Making, head: Head, data: RowData, left: int) -> list[Item]:
    """What the file says about itself, in words."""
    words = Words(making.row.language)
    council = Translated(dict(making.council.name))
    missing = msg("rows.about.left", number=left) if left else msg("rows.about.none_left")
    beside = [v.note for v in data.variables if v.note is not None]
    notes = [*data.notes, *(note for at, note in enumerate(beside) if note not in beside[:at])]
    what = msg("rows.about.what", title=Translated(head.title))
    return [
        Item("what", words(msg("report.what_label")), words(what)),
        Item("consultation", words(msg("report.consultation")), head.code, "code"),
        Item("council", words(msg("report.council")), words(council)),
        Item("made_at", words(msg("report.made_at")), local(now_ms()), "date"),
        Item("rows", words(msg("rows.about.rows")), len(data.rows), "count"),
        Item("left", words(msg("rows.about.consent")), words(missing)),
        *(
            Item("changed", words(msg("rows.about.changed")), words(note))
            for note in notes or [msg("rows.about.nothing_changed")]
        ),
        *(
            [Item("formula", words(msg("report.notes")), words(msg("rows.about.formula")))]
            if making.row.format != "xlsx"
            else []
        ),
    ]


#: Parquet only where what writes it is installed.
FORMATS: Final = ("xlsx", "csv", "spss", *(["parquet"] if parquet.can_write() else []))

ROWS = FileKind("rows", FORMATS, _make, single=frozenset(FORMATS))
