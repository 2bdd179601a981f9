"""A petition at its limits: the shortest and the longest reason, the day itself, the second time."""

from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.app import site
from bot.app.build import App
from bot.consultations.definitions import add, read_definition
from bot.core.foreign.tables import BadFile
from bot.kinds.petition import paper, procedure
from bot.kinds.petition.desk import spread_of
from bot.kinds.petition.procedure import Refused, Standing
from bot.kinds.petition.public import Petition
from bot.kinds.petition.rows import SignaturesInFull
from bot.results.public_record import Count
from flows.dialog.communes import place_name
from flows.morocco import petition_law, places
from flows.statistics.summary import Suppressed
from flows.wording import render
from tests.bot.kinds.petition.test_procedure import (
    ANSWER,
    COUNCIL,
    PETITION,
    imported,
    park,
    read,
    sheet,
    signed,
)
from tests.citizen import NOON, running
from tests.staff_links import link_for
from tests.visitor import visitor


async def refused(app: App, act: Any) -> list[str]:
    """The fields in which something is wrong; none if it was done."""
    try:
        async with app.storage.transaction() as tx:
            await act(tx, await park(tx))
    except Refused as error:
        return list(error.fields)
    return []


@pytest.mark.parametrize(
    ("reason", "wrong"),
    [
        ("no", ["reason"]),
        ("not", []),
        ("x" * 300, []),
        ("x" * 301, ["reason"]),
        (" a ", ["reason"]),
    ],
)
async def test_a_reason_has_from_three_to_three_hundred_characters(
    app: App, reason: str, wrong: list[str]
) -> None:
    """Two say nothing; a page of them is a letter."""
    await imported(app, "Amina El Idrissi,KB204971,Agdz,,,")
    async with app.storage.reading() as tx:
        (row,) = await tx.rows(SignaturesInFull, consultation_id=(await park(tx)).id)

    async def act(tx: Any, one: Any) -> None:
        await procedure.invalidate(tx, one, row.id, reason, "nadia", NOON)

    assert await refused(app, act) == wrong


@pytest.mark.parametrize(("length", "wrong"), [(0, ["reasons"]), (2000, []), (2001, ["reasons"])])
async def test_the_reasons_of_an_answer_have_at_most_two_thousand_characters(
    app: App, length: int, wrong: list[str]
) -> None:
    """And at least one."""
    await signed(app)

    async def act(tx: Any, one: Any) -> None:
        await procedure.deposit(app.register, tx, one, "2026-11-20", "nadia", NOON)
        await procedure.answer(tx, one, {**ANSWER, "reasons": "x" * length}, "nadia", NOON)

    assert await refused(app, act) == wrong


@pytest.mark.parametrize(
    ("deposited", "answered", "wrong"),
    [
        ("2026-11-21", "2026-11-20", ["outcome_day"]),
        ("2026-11-21", "2026-11-21", []),
        ("2026-11-20", "2026-11-21", []),
        ("2026-11-20", "2026-11-22", ["outcome_day"]),
    ],
)
async def test_an_answer_is_of_a_day_between_the_deposit_and_today(
    app: App, deposited: str, answered: str, wrong: list[str]
) -> None:
    """Both days included."""
    await signed(app)

    async def act(tx: Any, one: Any) -> None:
        await procedure.deposit(app.register, tx, one, deposited, "nadia", NOON)
        await procedure.answer(tx, one, {**ANSWER, "outcome_day": answered}, "nadia", NOON)

    assert await refused(app, act) == wrong


async def test_an_item_of_an_agenda_may_be_of_a_session_to_come(app: App) -> None:
    """A refusal may not."""
    await signed(app)

    async def act(tx: Any, one: Any) -> None:
        await procedure.deposit(app.register, tx, one, "2026-11-20", "nadia", NOON)
        values = {**ANSWER, "outcome": "agenda", "outcome_day": "2027-02-03"}
        await procedure.answer(tx, one, values, "nadia", NOON)

    assert await refused(app, act) == []


@pytest.mark.parametrize(("day", "wrong"), [("2026-11-21", []), ("2026-11-22", ["deposit_day"])])
async def test_a_petition_is_deposited_today_and_not_tomorrow(
    app: App, day: str, wrong: list[str]
) -> None:
    """A day that has not come is a slip of the hand."""
    await signed(app)

    async def act(tx: Any, one: Any) -> None:
        await procedure.deposit(app.register, tx, one, day, "nadia", NOON)

    assert await refused(app, act) == wrong


async def test_nothing_is_answered_or_undone_that_was_not_deposited_and_nothing_twice(
    app: App,
) -> None:
    """An answer stands once it is given."""
    await signed(app)

    async def answers(tx: Any, one: Any) -> None:
        await procedure.answer(tx, one, ANSWER, "nadia", NOON)

    async def undoes(tx: Any, one: Any) -> None:
        await procedure.undo_deposit(tx, one, NOON)

    async def deposits(tx: Any, one: Any) -> None:
        await procedure.deposit(app.register, tx, one, "2026-11-20", "nadia", NOON)

    assert await refused(app, answers) == ["outcome"]
    assert await refused(app, undoes) == ["undo"]
    assert await refused(app, deposits) == []
    assert await refused(app, deposits) == ["deposit_day"]
    assert await refused(app, answers) == []
    assert await refused(app, answers) == ["outcome"]


async def test_what_is_changed_already_is_said_and_not_done_twice(app: App) -> None:
    """Restored before it was invalid, taken off paper on which it does not stand."""
    await signed(app)
    async with app.storage.reading() as tx:
        (row,) = await tx.rows(SignaturesInFull, consultation_id=(await park(tx)).id)

    async def restores(tx: Any, one: Any) -> None:
        await procedure.restore(tx, one, row.id, NOON)

    async def off(tx: Any, one: Any) -> None:
        await procedure.off_paper(tx, one, row.id, NOON)

    assert await refused(app, restores) == ["reason"]
    assert await refused(app, off) == ["reason"]


@pytest.mark.parametrize(
    ("line", "good"),
    [
        ("Aliy,CD1,Agdz,,,", False),
        ("Ali A,CD1,Agdz,,,", True),
        (f"Ali {'x' * 76},CD1,Agdz,,,", True),
        (f"Ali {'x' * 77},CD1,Agdz,,,", False),
        ("Ali Amrani,CD1,Ag,,,", False),
        ("Ali Amrani,CD1,Agd,,,", True),
        (f"Ali Amrani,CD1,{'x' * 200},,,", True),
        (f"Ali Amrani,CD1,{'x' * 201},,,", False),
        (f"Ali Amrani,CD1,Agdz,,,{'9' * 60}", True),
        (f"Ali Amrani,CD1,Agdz,,,{'9' * 61}", False),
    ],
)
def test_a_name_an_address_and_a_line_have_their_lengths(line: str, good: bool) -> None:
    """One character less or more is a slip of the pen."""
    found = read(sheet(line))
    assert (len(found.signed), len(found.problems)) == ((1, 0) if good else (0, 1))


def test_a_list_has_at_most_twenty_thousand_lines() -> None:
    """With its headings; one more is refused whole."""
    assert paper.MOST_LINES == 20_000
    content = b"Nom,CIN,Adresse\n" + b"Ali Amrani,CD1,Agdz\n" * 19_999
    found = read(content)
    assert (len(found.signed), len(found.problems)) == (1, 19_998)
    with pytest.raises(BadFile):
        read(content + b"Ali Amrani,CD2,Agdz\n")


def needed_of_a_region() -> petition_law.Requirement:
    """What the law asks of a petition to a region of five provinces."""
    return petition_law.requirement("08", date(2026, 11, 21))


def spread(counts: tuple[int, ...], total: int, *, exact: bool = False) -> list[dict[str, Any]]:
    """What the desk shows of a petition to a region with so many signatures in each province."""
    needed = needed_of_a_region()
    by_province = dict(zip(needed.per_place_minimum, counts, strict=True))
    standing = Standing(0, 0, total, 0, 0, total, by_province, needed)
    return spread_of(standing, exact=exact)


def test_each_province_is_shown_with_what_it_needs_and_whether_that_is_reached() -> None:
    """Nineteen are not twenty; twenty are."""
    rows = spread((19, 20, 21, 40, 50), 150)
    provinces = needed_of_a_region().per_place_minimum
    assert [row["place"] for row in rows] == [place_name(code) for code in provinces]
    assert [(row["n"], row["least"], row["enough"]) for row in rows] == [
        (19, 20, False), (20, 20, True), (21, 20, True), (40, 20, True), (50, 20, True),
    ]  # fmt: skip


@pytest.mark.parametrize(("elsewhere", "shown"), [(0, None), (4, None), (5, 5), (9, 9)])
def test_who_signed_outside_of_every_province_has_a_row_unless_they_are_few(
    elsewhere: int, shown: int | None
) -> None:
    """Nothing is asked of them; four of them are hidden, with a province."""
    rows = spread((30, 30, 30, 30, 30), 150 + elsewhere)
    last = {"place": None, "n": shown, "least": None, "enough": True}
    assert rows[5:] == ([last] if shown else [])
    assert [row["n"] for row in rows[:5]].count(None) == (1 if elsewhere == 4 else 0)
    whole = spread((30, 30, 30, 30, 30), 150 + elsewhere, exact=True)
    assert [row["n"] for row in whole[5:]] == ([elsewhere] if elsewhere else [])


def test_a_province_in_which_nobody_signed_is_shown_too() -> None:
    """With none, not one."""
    needed = needed_of_a_region()
    standing = Standing(0, 0, 30, 0, 0, 30, {next(iter(needed.per_place_minimum)): 30}, needed)
    assert [row["n"] for row in spread_of(standing, exact=True)] == [30, 0, 0, 0, 0]


@pytest.mark.parametrize("to", [None, "08.401.01.07"])
def test_where_no_spread_is_asked_none_is_shown(to: str | None) -> None:
    """A commune has no provinces, and an unknown rule asks for nothing."""
    needed = petition_law.requirement(to, date(2026, 11, 21)) if to is not None else None
    assert spread_of(Standing(0, 0, 9, 0, 0, 9, {}, needed), exact=True) == []


@pytest.mark.parametrize(
    ("written", "place", "commune"),
    [
        ("08.401.01.07", "08.401.07.09", "08.401.01.07"),
        ("٠٨.٤٠١.٠١.٠٧", "08.401.07.09", "08.401.01.07"),
        ("Zagora", "08", "08.587.01.13"),
        ("", "08.401.07.09", "08.401.07.09"),
        ("", "08", None),
        ("08.401", "08.401.07.09", None),
        ("08", "08.401.07.09", None),
        ("Nowhere at all", "08.401.07.09", None),
    ],
)
def test_a_commune_on_paper_is_a_name_a_code_or_that_of_the_council(
    written: str, place: str, commune: str | None
) -> None:
    """A province is none, and what is written and is none is a bad line."""
    given = {"name": "Ali Amrani", "cin": "CD98765", "address": "Rue 4", "commune": written}
    one, wrong = paper.checked(given, place)
    if written and commune is None:
        assert list(wrong) == ["commune"]
    else:
        assert one is not None
        assert one.commune == commune


@pytest.mark.parametrize(
    ("awaiting", "said"),
    [
        (0, ""),
        (Suppressed(), "Awaiting a check, and in no number: fewer than 5."),
        (5, "Awaiting a check, and in no number: 5."),
    ],
)
def test_how_many_await_a_check_is_told_where_some_do_and_of_few_no_number(
    awaiting: Count, said: str
) -> None:
    """What is in no number is said, or who sees their own missing thinks it lost."""
    one = Petition("P", {}, {}, "open", 9, 9, None, None, awaiting)
    told = [render(text, "en") for text in one.needed]
    assert [line for line in told if "Awaiting" in line] == ([said] if said else [])


async def test_where_no_rule_is_known_the_desk_says_so(tmp_path: Path) -> None:
    """No law was found for the council of an arrondissement: its petition has a desk all the same."""
    place = next(one.code for one in places.of_level("arrondissement"))
    values = {"kind": "quarter", "prefix": "QUA", "place": place}
    (tmp_path / "councils").mkdir()
    (tmp_path / "councils" / "one.toml").write_text(COUNCIL.format(**values))
    file = tmp_path / "petition.toml"
    file.write_text(PETITION.format(**values))
    async with running(tmp_path, councils=str(tmp_path / "councils")) as app:
        raw, head = read_definition(file, {c.code: c for c in app.register.all().values()})
        async with app.storage.transaction() as tx:
            await add(tx, app.register, raw, head)
        transport = httpx.ASGITransport(app=site.build(app))
        async with visitor(transport=transport, base_url=app.config.public_url) as client:
            await client.post(await link_for(app, "quarter", "nadia", "clerk"))
            page = await client.get("/staff/petitions/QUA-PARK?lang=en")
    assert page.status_code == 200
    assert "No rule" in page.text
