"""The petition desk: paper beside the chat, one person once, what counts, deposit and answer."""

import argparse
import io
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import msgspec
import openpyxl
import pytest

from bot.app.build import App, conversation_parts
from bot.consultations import definitions
from bot.core import ledger
from bot.core.console import Refusal
from bot.core.foreign.tables import BadFile
from bot.core.localtime import local_day
from bot.kinds.petition import commands as petition_commands
from bot.kinds.petition import paper, printed, procedure
from bot.kinds.petition.desk import due_of, spread_of
from bot.kinds.petition.paper import Plan, Read
from bot.kinds.petition.procedure import Refused, Standing
from bot.kinds.petition.rows import Deposit, DepositsWaiting, SignaturesInFull, SignaturesOf
from bot.results.indicators import of_council
from flows.morocco import petition_law
from flows.statistics.quarters import Quarter
from flows.wording import render
from flows.wording.text import Text
from storage.database import Transaction
from storage.ids import new_id
from storage.rows import StoredConsultation
from storage.rows.broadcasts import Broadcast, DecisionsOf
from storage.rows.consultations import ConsultationByCode
from storage.rows.people import ExportNamed
from storage.rows.responses import OpenResponses
from storage.rows.staff import AuditOf, LedgerOf
from tests.bot.kinds.petition.test_petition import SIGN, supports
from tests.checks import AllResponses
from tests.citizen import NOON, Citizen, plain, running

TODAY = local_day(NOON)

#: A place for each kind of council, with the months in which it answers, and what it must reach.
KINDS = {
    "commune": ("08.401.01.07", date(2027, 2, 21), 200),
    "province": ("08.401", date(2027, 1, 21), 300),
    "region": ("08", date(2027, 1, 21), 400),
}


@pytest.fixture
async def app(tmp_path: Path, url: str) -> AsyncIterator[App]:
    """The example council on each engine in turn."""
    async with running(tmp_path, url=url) as opened:
        yield opened


async def park(tx: Transaction) -> StoredConsultation:
    row = await tx.row(ConsultationByCode, code="OZT-PARK")
    assert row is not None
    return row


async def counted(app: App, code: str = "OZT-PARK") -> Standing:
    async with app.storage.reading() as tx:
        row = await tx.row(ConsultationByCode, code=code)
        assert row is not None
        return await procedure.standing(tx, app.register, row, TODAY)


def sheet(*lines: str, headings: str = "Nom,CIN,Adresse,Téléphone,Référence,Ligne") -> bytes:
    return "\n".join([headings, *lines]).encode()


def read(content: bytes) -> Read:
    return paper.read_file(content, "08.401.01.07")


async def planned(app: App, content: bytes) -> Plan:
    async with app.storage.reading() as tx:
        return await paper.plan(tx, app.vault, await park(tx), read(content))


async def imported(app: App, *lines: str) -> Plan:
    async with app.storage.transaction() as tx:
        row = await park(tx)
        plan = await paper.plan(tx, app.vault, row, read(sheet(*lines)))
        await paper.enter(tx, app.vault, row, plan, "nadia", NOON)
    return plan


def english(text: Text) -> str:
    return plain(render(text, "en"))


def told(read_: Read | Plan) -> list[tuple[int, str]]:
    return [(problem.line, english(problem.text)) for problem in read_.problems]


async def signed(app: App, name: str = "amina", cin: str = "KB204971") -> Citizen:
    """Somebody who pledged and completed the signature in the chat."""
    citizen = await supports(app, name)
    await citizen.verify([*SIGN, (cin, "address"), ("Agdz", "CIN"), ("yes", "recorded")])
    return citizen


async def reference_of(app: App) -> str:
    async with app.storage.reading() as tx:
        rows = await tx.rows(AllResponses, consultation_id=(await park(tx)).id)
    return str(rows[-1].reference)


async def assurances(app: App) -> list[str]:
    async with app.storage.reading() as tx:
        rows = await tx.rows(AllResponses, consultation_id=(await park(tx)).id)
    return [row.assurance for row in rows]


# --------------------------------------------------------------------------- one person once


async def test_a_card_that_signed_in_the_chat_and_on_paper_counts_once(app: App) -> None:
    await signed(app)
    plan = await imported(
        app, "amina EL-Idrissi,kb 20-49 71,Agdz,,,p. 1 l. 2", "Ali Amrani,CD1,Agdz,,,"
    )
    assert [found.signed.cin for found in plan.marked] == ["KB204971"]
    assert [found.signed.cin for found in plan.fresh] == ["CD1"]
    now = await counted(app)
    assert (now.pledges, now.chat, now.paper, now.both, now.signatures, now.people) == (
        1, 1, 2, 1, 2, 2,
    )  # fmt: skip
    assert await assurances(app) == ["A3"]


async def test_a_name_that_differs_from_the_chats_is_shown_to_be_compared(app: App) -> None:
    await signed(app)
    plan = await planned(app, sheet("amina el-idrissi,KB204971,Agdz", "Brahim Naciri,AB1,Agdz"))
    assert plan.differing == ()
    plan = await planned(app, sheet("Brahim Naciri,KB204971,Agdz"))
    assert [(one.number, name) for one, name in plan.differing] == [(2, "Amina El Idrissi")]


async def test_a_pledge_is_found_by_its_reference(app: App) -> None:
    await supports(app)
    plan = await imported(
        app, f"Amina El Idrissi,KB204971,Agdz,,{(await reference_of(app)).lower()},"
    )
    assert plan.matched == 1
    now = await counted(app)
    assert (now.pledges, now.paper, now.people) == (1, 1, 1)
    assert await assurances(app) == ["A3"]


async def test_a_reference_that_no_standing_pledge_has_makes_a_bad_line(app: App) -> None:
    plan = await imported(app, "Amina El Idrissi,KB204971,Agdz,,OZT-2026-000099,")
    assert told(plan) == [(2, "No support that stands has the reference OZT-2026-000099.")]
    assert (await counted(app)).signatures == 0


async def test_a_pledge_is_found_by_the_number_used_on_whatsapp(app: App) -> None:
    await supports(app)
    async with app.storage.transaction() as tx:
        row = await park(tx)
        responses = await tx.rows(OpenResponses, consultation_id=row.id, most=1)
        address = {
            "id": new_id(),
            "person_id": responses[0].person_id,
            "channel": "whatsapp",
            "account": "whatsapp",
            "address": app.vault.cover("+212612345678"),
            "state": "open",
            "last_in_at": 0,
        }
        await tx.run("save_addresses", rows=msgspec.json.encode([address]).decode())
    plan = await imported(app, "Amina El Idrissi,KB204971,Agdz,06 12 34 56 78,,")
    assert plan.matched == 1
    assert (await counted(app)).people == 1


async def test_who_signed_on_paper_first_and_then_in_the_chat_is_one_person(app: App) -> None:
    await imported(app, "Amina El Idrissi,KB204971,12 rue secrète,,,")
    citizen = await supports(app)
    assert (await counted(app)).people == 2
    await citizen.verify([*SIGN, ("KB204971", "address"), ("Agdz", "CIN"), ("yes", "recorded")])
    now = await counted(app)
    assert (now.signatures, now.people) == (1, 1)
    # Nobody but staff can say that they have seen somebody.
    assert await assurances(app) == ["A2"]
    # Their copy holds what they typed; that there is a paper is told to nobody who only knows a card.
    from bot.conversation.erasure import export

    async with app.storage.transaction() as tx:
        rows = await tx.rows(AllResponses, consultation_id=(await park(tx)).id)
        name = await export(tx, app.vault, conversation_parts().own_data, rows[0].person_id, NOON)
        kept = await tx.row(ExportNamed, name=name)
    assert kept is not None
    copy = msgspec.json.decode(app.vault.open(kept.sealed, f"exports/{name}"))
    (own,) = copy["signatures"]
    assert (own["name"], own["address"]) == ("Amina El Idrissi", "Agdz")
    assert "paper" not in str(copy["signatures"])


async def test_a_household_that_signed_on_one_phone_is_as_many_as_its_cards(app: App) -> None:
    citizen = await signed(app)
    await citizen.says("[No, that is all]")
    await citizen.says("[Not now]")
    await citizen.starts("OZT-PARK")
    await citizen.verify([("[Sign officially]", "Would you")])
    await citizen.verify([*SIGN, ("CD98765", "address"), ("Agdz", "CIN"), ("yes", "recorded")])
    now = await counted(app)
    assert (now.pledges, now.signatures, now.people) == (1, 2, 2)


async def test_the_same_list_twice_changes_nothing(app: App) -> None:
    lines = ("Amina El Idrissi,KB204971,Agdz,,,", "Ali Amrani,CD1,Agdz,,,")
    await imported(app, *lines)
    plan = await imported(app, *lines)
    assert (len(plan.there), len(plan.fresh), len(plan.marked)) == (2, 0, 0)
    assert (await counted(app)).signatures == 2
    async with app.storage.reading() as tx:
        assert len(await tx.rows(LedgerOf, council_id=app.register.default_id)) == 2


async def test_paper_is_sealed_and_in_the_ledger_by_a_mark_alone(app: App) -> None:
    await imported(app, "Amina El Idrissi,KB204971,Agdz,,,")
    async with app.storage.reading() as tx:
        rows = await tx.rows(LedgerOf, council_id=app.register.default_id)
        stored = await tx.rows(SignaturesInFull, consultation_id=(await park(tx)).id)
    entry = msgspec.json.decode(rows[0].entry)
    assert (entry["what"], entry["source"], entry["petition"]) == ("signature", "paper", "OZT-PARK")
    assert set(entry) == {"what", "petition", "source", "mark", "at"}
    assert "KB204971" not in rows[0].entry + stored[0].sealed
    assert paper.opened(app.vault, stored[0])["cin"] == "KB204971"
    assert rows[0].head == ledger.chain(ledger.BEGINNING, rows[0].entry)


# --------------------------------------------------------------------------- files


@pytest.mark.parametrize(
    ("headings", "said"),
    [
        ("Nom,Adresse", ["missing: National card number (CIN)"]),
        ("Nom,CIN,Salaire", ["unknown: Salaire", "missing: Address"]),
        ("Nom,CIN,CIN,Adresse", ["twice: National card number (CIN)"]),
        ("Amina El Idrissi,AB123456,Agdz", ["unknown: AB123456", "missing: Full name"]),
    ],
)
def test_wrong_columns_are_named_and_nothing_is_read(headings: str, said: list[str]) -> None:
    with pytest.raises(BadFile) as error:
        read(sheet("Amina El Idrissi,KB204971,Agdz", headings=headings))
    for part in said:
        assert part in english(error.value.text)


@pytest.mark.parametrize(
    "headings",
    [
        "الاسم الكامل;رقم البطاقة الوطنية;العنوان;التوقيع",
        "Full name;National ID;Address",
        "N°;Nom et prénom / الاسم الكامل;N° de la CIN;Adresse;Signature",
        "NOM  COMPLET;CNIE;ADRESSE",
    ],
)
def test_columns_are_known_in_three_languages_and_as_our_own_list_prints_them(
    headings: str,
) -> None:
    numbered = "7;" if headings.startswith("N°") else ""
    found = read(sheet(f"{numbered}أمينة الإدريسي;KB٢٠٤٩٧١;أكدز;", headings=headings))
    assert [(one.name, one.cin) for one in found.signed] == [("أمينة الإدريسي", "KB204971")]
    assert found.signed[0].line == ("7" if numbered else "")
    assert found.signed[0].commune == "08.401.01.07"


def test_every_bad_line_is_named_with_its_number_and_reason() -> None:
    found = read(
        sheet(
            "Amina El Idrissi,KB204971,Agdz,",
            "Ali Amrani,,Agdz,",
            "Ali Amrani,123456,Agdz,",
            "Ali,CD98765,Agdz,",
            "Amina El Idrissi,kb 204971,Agdz,",
            ",,,",
            "Ali Amrani,CD98765,,",
            "Ali Amrani,CD98765,Agdz,Atlantis",
            headings="name,cin,address,commune",
        )
    )
    assert [one.number for one in found.signed] == [2]
    assert told(found) == [
        (3, "The number of the national card is missing. It looks like AB123456."),
        (4, "“123456” is no card number. It looks like AB123456."),
        (5, "The name has 5 to 80 characters."),
        (6, "the same card as in line 2"),
        (8, "The address is missing."),
        (
            9,
            "“Atlantis” is no commune that is certain. Add the province, or write its census code.",
        ),
    ]


async def test_every_line_of_a_file_is_new_known_already_or_named(app: App) -> None:
    """Signed in the chat, entered before, new, twice, without a card, with a reference that nobody has."""
    await signed(app)
    await imported(app, "Ali Amrani,CD1,Agdz,,,")
    content = sheet(
        "Amina El Idrissi,KB204971,Agdz,,,", "Ali Amrani,CD1,Agdz,,,", "Said Amrani,CD2,Agdz,,,",
        "Said Amrani,CD2,Agdz,,,", "Omar Amrani,,Agdz,,,", "Omar Amrani,CD4,Agdz,,OZT-2026-999999,",
        "Omar Amrani,CD5,Agdz, bloc 4,,,",
    )  # fmt: skip
    plan, seen = await planned(app, content), read(content).seen
    assert seen is not None
    sorts = (plan.fresh, plan.marked, plan.there, plan.problems)
    assert [len(sort) for sort in sorts] == [1, 1, 1, 4]
    assert plan.good + len(plan.problems) == seen.count == 7


def test_a_workbook_is_read_with_numbers_that_it_took_for_numbers() -> None:
    book = openpyxl.Workbook()
    page = book.worksheets[0]
    page.append(["Nom", "CIN", "Adresse", "GSM", "Commune"])
    page.append(["Amina El Idrissi", "KB204971", "Agdz", 612345678, "Tarmigt"])
    out = io.BytesIO()
    book.save(out)
    found = read(out.getvalue())
    assert [(one.phone, one.commune) for one in found.signed] == [("+212612345678", "08.401.07.09")]


# --------------------------------------------------------------------------- what counts


async def test_an_invalid_signature_stops_counting_until_it_is_taken_back(app: App) -> None:
    await imported(app, "Amina El Idrissi,KB204971,Agdz,,,", "Ali Amrani,CD1,Agdz,,,")
    async with app.storage.transaction() as tx:
        row = await park(tx)
        rows = await tx.rows(SignaturesInFull, consultation_id=row.id)
        with pytest.raises(Refused):
            await procedure.invalidate(tx, row, rows[0].id, "  ", "nadia", NOON)
        await procedure.invalidate(tx, row, rows[0].id, "not\0 on the\nrolls", "nadia", NOON)
    now = await counted(app)
    assert (now.signatures, now.invalid, now.people) == (1, 1, 1)
    async with app.storage.transaction() as tx:
        row = await park(tx)
        known = await tx.rows(SignaturesInFull, consultation_id=row.id)
        assert [(r.invalid_reason, r.invalid_by, r.invalid_at) for r in known] == [
            ("not on the rolls", "nadia", NOON), (None, None, None),
        ]  # fmt: skip
        with pytest.raises(Refused):
            await procedure.invalidate(tx, row, rows[0].id, "once more", "nadia", NOON)
    async with app.storage.transaction() as tx:
        await procedure.restore(tx, await park(tx), rows[0].id, NOON)
    assert (await counted(app)).signatures == 2
    async with app.storage.reading() as tx:
        entries = await tx.rows(LedgerOf, council_id=app.register.default_id)
    assert [msgspec.json.decode(e.entry)["what"] for e in entries[2:]] == [
        "invalid", "valid again",
    ]  # fmt: skip
    assert "rolls" not in "".join(e.entry for e in entries)


async def test_an_invalid_card_is_not_made_valid_by_another_list(app: App) -> None:
    await imported(app, "Ali Amrani,CD1,Agdz,,,")
    async with app.storage.transaction() as tx:
        row = await park(tx)
        rows = await tx.rows(SignaturesInFull, consultation_id=row.id)
        await procedure.invalidate(tx, row, rows[0].id, "not his hand", "nadia", NOON)
    await imported(app, "Ali Amrani,CD1,Agdz,,,")
    assert (await counted(app)).signatures == 0


async def test_a_card_that_was_marked_by_mistake_is_of_the_chat_again(app: App) -> None:
    await signed(app)
    await imported(app, "AMINA EL IDRISSI,KB204971,Agdz,,,", "Ali Amrani,CD1,Agdz,,,")
    async with app.storage.transaction() as tx:
        row = await park(tx)
        known = await tx.rows(SignaturesInFull, consultation_id=row.id)
        of_chat = next(one.id for one in known if one.source == "chat")
        on_paper = next(one.id for one in known if one.source == "paper")
        await procedure.off_paper(tx, row, of_chat, NOON)
        with pytest.raises(Refused):
            await procedure.off_paper(tx, row, on_paper, NOON)
    now = await counted(app)
    assert (now.chat, now.paper, now.both) == (1, 1, 0)
    assert await assurances(app) == ["A2"]


async def test_support_taken_back_in_the_chat_leaves_the_paper_and_says_so(app: App) -> None:
    citizen = await signed(app)
    await imported(app, "Amina El Idrissi,KB204971,Agdz,,,")
    await citizen.says("[No, that is all]")
    await citizen.says("[Not now]")
    await citizen.starts("OZT-PARK")
    await citizen.says("[Take back my support]")
    assert "signature on paper stays" in await citizen.says("[Take back my support]")
    now = await counted(app)
    assert (now.pledges, now.chat, now.paper, now.people) == (0, 0, 1, 1)
    async with app.storage.reading() as tx:
        entries = await tx.rows(LedgerOf, council_id=app.register.default_id)
    last = msgspec.json.decode(entries[-1].entry)
    assert (last["what"], last["stays"]) == ("withdrawn", "paper")


async def test_who_is_erased_leaves_the_paper_as_nobodys_and_is_not_counted_twice(
    app: App,
) -> None:
    citizen, other = await signed(app), await signed(app, "brahim", "CD98765")
    await imported(app, "Amina El Idrissi,KB204971,Agdz,,,")
    for someone in (citizen, other):
        await someone.says("[No, that is all]")
        await someone.says("[Not now]")
        for said in ("my data", "[Erase my data]", "[Erase my data]"):
            await someone.says(said)
    now = await counted(app)
    # Both pledges stay counted; of the signatures only the one on paper.
    assert (now.pledges, now.chat, now.paper, now.people) == (2, 0, 1, 2)
    async with app.storage.reading() as tx:
        rows = await tx.rows(SignaturesOf, consultation_id=(await park(tx)).id)
    assert [row.person_id for row in rows] == [None]


def test_small_counts_of_a_province_are_only_for_who_enters_them() -> None:
    needed = petition_law.requirement("08", TODAY)
    places = dict(zip(needed.per_place_minimum, (30, 3, 0, 25, 2), strict=True))
    standing = Standing(0, 0, 60, 0, 0, 60, places, needed)
    exact = spread_of(standing, exact=True)
    assert [(row["n"], row["enough"]) for row in exact] == [
        (30, True), (3, False), (0, False), (25, True), (2, False),
    ]  # fmt: skip
    assert [row["n"] for row in spread_of(standing, exact=False)] == [30, None, None, 25, None]


# --------------------------------------------------------------------------- the list


async def test_the_list_masks_the_cards_and_leaves_out_what_is_on_paper_or_invalid(
    app: App,
) -> None:
    await signed(app)
    await imported(app, "Ali Amrani,CD98765,Agdz,,,")
    async with app.storage.reading() as tx:
        row = await park(tx)
        waiting = await printed.signatories(tx, app.vault, row, "waiting", full=False)
        everyone = await printed.signatories(tx, app.vault, row, "all", full=True)
        nobody = await printed.signatories(tx, app.vault, row, "none", full=True)
    assert [(one.name, one.cin) for one in waiting] == [("Amina El Idrissi", "••••••71")]
    assert [one.cin for one in everyone] == ["KB204971", "CD98765"]
    assert nobody == []


# --------------------------------------------------------------------------- deposit and answer


async def test_the_deposit_keeps_the_number_of_that_day_on_its_receipt(app: App) -> None:
    await signed(app)
    await imported(app, "Ali Amrani,CD98765,Agdz,,,", "Amina El Idrissi,KB204971,Agdz,,,")
    async with app.storage.transaction() as tx:
        receipt = await procedure.deposit(
            app.register, tx, await park(tx), "2026-11-20", "nadia", NOON
        )
    assert receipt == "OZT-DEP-2026-0001"
    await imported(app, "Said Naciri,EF1,Agdz,,,")
    async with app.storage.reading() as tx:
        row = await park(tx)
        held = await tx.row(Deposit, consultation_id=row.id)
        shown = await printed.receipt_of(app.register, tx, row)
        waiting = await tx.rows(DepositsWaiting, council_id=row.council_id)
    assert held is not None
    assert shown is not None
    assert (held.signatures, held.due_day, held.received_by) == (2, "2027-02-20", "nadia")
    assert (shown.signatures_chat, shown.signatures_paper) == (0, 2)
    assert shown.deposited == date(2026, 11, 20)
    assert [one.code for one in waiting] == ["OZT-PARK"]


@pytest.mark.parametrize(
    ("day", "said"),
    [("2026-11-22", "not come yet"), ("21/11/2026", "Give a day"), ("1926-11-21", "year right")],
)
async def test_a_day_that_cannot_be_is_refused(app: App, day: str, said: str) -> None:
    await signed(app)
    async with app.storage.transaction() as tx:
        with pytest.raises(Refused) as error:
            await procedure.deposit(app.register, tx, await park(tx), day, "nadia", NOON)
    assert said in english(error.value.fields["deposit_day"])


async def test_nothing_signed_cannot_be_deposited_and_nothing_is_deposited_twice(app: App) -> None:
    async with app.storage.transaction() as tx:
        with pytest.raises(Refused):
            await procedure.deposit(app.register, tx, await park(tx), "2026-11-20", "nadia", NOON)
    await signed(app)
    async with app.storage.transaction() as tx:
        await procedure.deposit(app.register, tx, await park(tx), "2026-11-20", "nadia", NOON)
        with pytest.raises(Refused):
            await procedure.deposit(app.register, tx, await park(tx), "2026-11-20", "nadia", NOON)


async def test_a_deposit_is_undone_until_it_is_answered_and_its_number_not_given_again(
    app: App,
) -> None:
    await signed(app)
    async with app.storage.transaction() as tx:
        row = await park(tx)
        await procedure.deposit(app.register, tx, row, "2026-11-20", "nadia", NOON)
        await procedure.undo_deposit(tx, row, NOON)
        receipt = await procedure.deposit(app.register, tx, row, "2026-11-21", "nadia", NOON)
        assert receipt == "OZT-DEP-2026-0002"
        await procedure.answer(tx, row, ANSWER, "nadia", NOON)
        with pytest.raises(Refused):
            await procedure.undo_deposit(tx, row, NOON)


ANSWER = {
    "outcome": "refused",
    "outcome_day": "2026-11-21",
    "reasons": "The land is not the council's.",
    "told.fr": "Le conseil refuse.",
}


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"outcome": ""}, "outcome"),
        ({"reasons": " "}, "reasons"),
        ({"outcome_day": ""}, "outcome_day"),
        ({"outcome_day": "2026-11-19"}, "outcome_day"),
        ({"outcome_day": "2026-11-30"}, "outcome_day"),
        ({"told.fr": ""}, "told"),
        ({"told.fr": "x" * 901}, "told.fr"),
    ],
)
async def test_an_answer_needs_its_day_its_reasons_and_words(
    app: App, changed: dict[str, str], field: str
) -> None:
    await signed(app)
    async with app.storage.transaction() as tx:
        row = await park(tx)
        await procedure.deposit(app.register, tx, row, "2026-11-20", "nadia", NOON)
        with pytest.raises(Refused) as error:
            await procedure.answer(tx, row, ANSWER | changed, "nadia", NOON)
    assert list(error.value.fields) == [field]


async def test_the_answer_is_drafted_for_the_supporters_and_sent_to_nobody_yet(app: App) -> None:
    await signed(app)
    async with app.storage.transaction() as tx:
        row = await park(tx)
        await procedure.deposit(app.register, tx, row, "2026-11-20", "nadia", NOON)
        answer = {**ANSWER, "outcome": "agenda", "outcome_day": "2027-02-05"}
        id = await procedure.answer(tx, row, answer, "nadia", NOON)
        with pytest.raises(Refused):
            await procedure.answer(tx, row, ANSWER, "nadia", NOON)
    async with app.storage.reading() as tx:
        broadcast = await tx.row(Broadcast, id=id)
        decisions = await tx.rows(DecisionsOf, consultation_id=row.id)
        assert await tx.rows(DepositsWaiting, council_id=row.council_id) == []
    assert broadcast is not None
    assert (broadcast.what, broadcast.state) == ("decision", "draft")
    assert msgspec.json.decode(broadcast.audience) == {"answered": "OZT-PARK"}
    assert [(msgspec.json.decode(d.texts), d.day) for d in decisions] == [
        ({"fr": "Le conseil refuse."}, None)
    ]


def test_what_is_overdue_is_told_until_it_is_answered() -> None:
    held = Deposit("R", "2026-09-20", 200, "2026-11-20", "amal", 0, None, None, "", None, None)
    late = due_of(held, TODAY)
    assert late is not None
    assert late["left"] == -1
    assert due_of(msgspec.structs.replace(held, outcome="refused"), TODAY) is None


COUNCIL = """
code = "{kind}"
prefix = "{prefix}"
place = "{place}"
language = "fr"
name = {{ fr = "Conseil", ar = "مجلس" }}
themes = [{{ id = "water", text = {{ fr = "Eau" }} }}]
"""

PETITION = """
kind = "petition"
code = "{prefix}-PARK"
council = "{kind}"
representative = "Le comité"
minutes = 2
title = {{ fr = "Un parc" }}
demand = {{ fr = "Un parc." }}
text = {{ fr = "Un parc pour tous." }}
"""


@pytest.mark.parametrize("kind", KINDS)
async def test_number_and_deadline_follow_the_kind_of_council(tmp_path: Path, kind: str) -> None:
    place, due, needed = KINDS[kind]
    values = {"kind": kind, "prefix": kind[:3].upper(), "place": place}
    (tmp_path / "councils").mkdir()
    (tmp_path / "councils" / "one.toml").write_text(COUNCIL.format(**values))
    file = tmp_path / "petition.toml"
    file.write_text(PETITION.format(**values))
    async with running(tmp_path, councils=str(tmp_path / "councils")) as app:
        councils = {c.code: c for c in app.register.all().values()}
        raw, head = definitions.read_definition(file, councils)
        async with app.storage.transaction() as tx:
            await definitions.add(tx, app.register, raw, head)
            row = await tx.row(ConsultationByCode, code=head.code)
            assert row is not None
            content = sheet(
                "Amina El Idrissi,KB1,Agdz,Zagora",
                "Ali Amrani,KB2,Ouarzazate,",
                headings="nom,cin,adresse,commune",
            )
            found = paper.read_file(content, place)
            plan = await paper.plan(tx, app.vault, row, found)
            await paper.enter(tx, app.vault, row, plan, "nadia", NOON)
            await procedure.deposit(app.register, tx, row, TODAY.isoformat(), "nadia", NOON)
            held = await tx.row(Deposit, consultation_id=row.id)
            now = await procedure.standing(tx, app.register, row, TODAY)
    assert held is not None
    assert held.due_day == due.isoformat()
    assert now.needed is not None
    assert now.needed.signatures == needed
    assert not now.enough
    if kind == "region":
        assert set(now.needed.per_place_minimum.values()) == {20}
        assert now.by_province == {"08.587": 1, "": 1}


# --------------------------------------------------------------------------- the command line


def arguments(*words: str) -> argparse.Namespace:
    top = argparse.ArgumentParser()
    petition_commands.add_parsers(top.add_subparsers(dest="command"))
    return top.parse_args(["petition", *words])


async def test_the_commands_import_and_print(
    app: App, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "list.csv"
    file.write_bytes(sheet("Amina El Idrissi,KB204971,Agdz,,,", "Ali,CD1,Agdz,,,"))
    assert (
        await petition_commands.execute(app, arguments("import", "ozt-park", str(file), "--yes"))
        == 0
    )
    said = plain(capsys.readouterr().out)
    assert "Line 3: The name has 5 to 80 characters." in said
    assert "1 signature was entered" in said
    assert (await counted(app)).paper == 1
    out = tmp_path / "list.pdf"
    words = ("list", "OZT-PARK", "-o", str(out), "--blank", "40")
    assert await petition_commands.execute(app, arguments(*words)) == 0
    assert out.read_bytes().startswith(b"%PDF")
    async with app.storage.reading() as tx:
        council = app.register.default_id
        rows = await tx.rows(AuditOf, council_id=council, before=2**62, actor="", action="", most=9)
    assert [row.action for row in rows] == ["download", "import signatures"]


async def test_the_commands_refuse_wrong_columns_and_what_is_no_petition(
    app: App, tmp_path: Path
) -> None:
    file = tmp_path / "list.csv"
    file.write_bytes(sheet("Amina El Idrissi,KB204971", headings="Nom,CIN"))
    for code, said in (("OZT-PARK", "missing: Address"), ("OZT-LIGHT", "no petition")):
        with pytest.raises(Refusal, match=said):
            await petition_commands.execute(app, arguments("import", code, str(file), "--yes"))
    assert (await counted(app)).signatures == 0


# --------------------------------------------------------------------------- indicators


@pytest.mark.parametrize(
    ("day", "counted"), [("2026-09-30", 0), ("2026-10-01", 1), ("2026-11-21", 1)]
)
async def test_a_deposit_counts_in_the_quarter_of_its_day(app: App, day: str, counted: int) -> None:
    """And among the answered once the council has said something."""
    await signed(app)
    quarter = Quarter(2026, 4)
    async with app.storage.transaction() as tx:
        row = await park(tx)
        await procedure.deposit(app.register, tx, row, day, "nadia", NOON)
        summary, _ = await of_council(app.register, tx, row.council_id, quarter)
    figures = {figure.id: figure.value for figure in summary.figures}
    assert (figures["petitions_deposited"], figures["petitions_answered"]) == (counted, 0)
    async with app.storage.transaction() as tx:
        await procedure.answer(tx, row, ANSWER, "nadia", NOON)
        summary, _ = await of_council(app.register, tx, row.council_id, quarter)
    figures = {figure.id: figure.value for figure in summary.figures}
    assert figures["petitions_answered"] == counted
