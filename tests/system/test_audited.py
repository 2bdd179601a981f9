"""The audit log: whatever can be done on a page is in it, or it is said here why not.

A new route fails until it stands in one of the two tables.
"""

from pathlib import Path

import pytest

from bot.app import site
from bot.core.config import Config
from bot.core.links import staff_payload
from bot.staff import accounts
from tests.citizen import Citizen
from tests.staff_links import link_for
from tests.system.staffed import Town, busy_town, config_of
from tests.visitor import visitor

#: Route -> what is asked of it, and what the log then says was done. {...} are of the busy town.
LOGGED: dict[str, tuple[str, str, dict[str, str], str]] = {
    "/staff/sign-in/ask": ("POST", "/staff/sign-in/ask", {"name": "{name}", "council": "tarmigt"}, "ask link"),
    "/staff/sign-in/code": ("POST", "/staff/sign-in/code", {"code": "00000000"}, "refused"),
    "/staff/sign-in/{secret}": ("POST", "{link}", {}, "sign in"),
    "/staff/needs": ("GET", "/staff/needs", {}, "see"),
    "/staff/needs/{reference}": ("GET", "/staff/needs/{reference}", {}, "see"),
    "/staff/needs/{reference}/do": (
        "POST", "/staff/needs/{reference}/do", {"action": "note", "note": "A note"}, "note",
    ),
    "/staff/needs/{reference}/receipt.pdf": (
        "GET", "/staff/needs/{reference}/receipt.pdf", {}, "receipt",
    ),
    "/staff/quarantine/{id}": ("POST", "/staff/quarantine/{aside}", {}, "replay"),
    "/staff/downloads": (
        "POST", "/staff/downloads",
        {"what": "consultation", "object": "TRM-LIGHT", "format": "csv", "language": "fr"}, "download",
    ),
    "/staff/indicators": ("GET", "/staff/indicators", {}, "see"),
    "/staff/indicators/{quarter}.{format}": ("GET", "/staff/indicators/2026-Q4.csv", {}, "download"),
    "/staff/data": ("POST", "/staff/data", {"action": "find", "wanted": "TRM-2026-999999"}, "look up person"),
    "/staff/members": (
        "POST", "/staff/members", {"action": "add", "name": "Nadia", "role": "reader"}, "add member",
    ),
    "/staff/approvals/{id}": ("POST", "/staff/approvals/{approval}", {"decision": "no"}, "refuse"),
    "/staff/audit.csv": ("GET", "/staff/audit.csv", {}, "download"),
    "/staff/summary/{code}.{format}": ("GET", "/staff/summary/TRM-LIGHT.csv", {}, "download"),
    "/staff/c/{code}/do": ("POST", "/staff/c/TRM-LIGHT/do", {"action": "close", "sure": "yes"}, "close"),
    "/staff/c/{code}/results": ("GET", "/staff/c/TRM-LIGHT/results", {}, "see"),
    "/staff/c/{code}/answers": ("GET", "/staff/c/TRM-LIGHT/answers", {}, "see"),
    "/staff/c/{code}/answers/do": (
        "POST", "/staff/c/TRM-LIGHT/answers/do",
        {"action": "hide", "token": "{answer}", "reason": "insult"}, "hide",
    ),
    "/staff/c/{code}/answers/heard": (
        "POST", "/staff/c/TRM-LIGHT/answers/heard",
        {"action": "write", "token": "{note}", "version": "0", "text": "Il dit"}, "transcribe",
    ),
    "/staff/c/{code}/answers/voice/{note}": (
        "GET", "/staff/c/TRM-LIGHT/answers/voice/{note}", {}, "hear",
    ),
    "/staff/broadcasts/{id}/do": (
        "POST", "/staff/broadcasts/{broadcast}/do", {"action": "cancel"}, "cancel",
    ),
    "/staff/notice": (
        "POST", "/staff/notice", {"text.fr": "Eau coupée", "text.ar": "ماء"}, "prepare",
    ),
    "/staff/petitions/{code}/signatures": (
        "GET", "/staff/petitions/TRM-PARK/signatures?search=a", {}, "see",
    ),
    "/staff/petitions/{code}/do": (
        "POST", "/staff/petitions/TRM-PARK/do",
        {"action": "invalidate", "id": "{signature}", "reason": "double", "once": "77"}, "invalidate",
    ),
    "/staff/petitions/{code}/deposit.pdf": (
        "GET", "/staff/petitions/TRM-PARK/deposit.pdf", {}, "download",
    ),
    "/staff/petitions/{code}/list.pdf": (
        "GET", "/staff/petitions/TRM-PARK/list.pdf?rows=all", {}, "download",
    ),
    "/staff/commitments/report": ("GET", "/staff/commitments/report", {}, "see"),
    "/staff/commitments/report/{half}.{format}": (
        "GET", "/staff/commitments/report/2026-H2.xlsx", {}, "download",
    ),
    "/staff/commitments/{code}/evidence": (
        "POST", "/staff/commitments/TRM-LAMPS/evidence", {"action": "hide", "id": "1"}, "note",
    ),
    "/staff/commitments/{code}/do": (
        "POST", "/staff/commitments/TRM-LAMPS/do", {"state": "started"}, "note",
    ),
    "/staff/meetings/{code}/do": (
        "POST", "/staff/meetings/TRM-WORKSHOP/do", {"action": "others", "others": "3"}, "others",
    ),
    "/staff/meetings/{code}/outcome/do": (
        "POST", "/staff/meetings/TRM-WORKSHOP/outcome/do", {"action": "keep"}, "note",
    ),
    "/staff/meetings/{code}/outcome/photos": (
        "POST", "/staff/meetings/TRM-WORKSHOP/outcome/photos", {"action": "hide", "id": "1"}, "note",
    ),
    "/staff/meetings/{code}/groups/do": (
        "POST", "/staff/meetings/TRM-WORKSHOP/groups/do", {"action": "make"}, "groups",
    ),
    "/staff/meetings/{code}/phones": ("GET", "/staff/meetings/TRM-WORKSHOP/phones", {}, "see"),
    "/staff/meetings/{code}/phones/do": (
        "POST", "/staff/meetings/TRM-WORKSHOP/phones/do", {"action": "let in", "name": "Said"}, "phone",
    ),
    "/staff/meetings/{code}/groups.csv": ("GET", "/staff/meetings/TRM-WORKSHOP/groups.csv", {}, "download"),
    "/staff/meetings/{code}/sheet.pdf": ("GET", "/staff/meetings/TRM-WORKSHOP/sheet.pdf", {}, "download"),
    "/staff/meetings/{code}/sheet": ("GET", "/staff/meetings/TRM-WORKSHOP/sheet", {}, "see"),
    "/staff/budgets/{code}": ("GET", "/staff/budgets/TRM-BUDGET", {}, "see"),
    "/staff/budgets/{code}/do": (
        "POST", "/staff/budgets/TRM-BUDGET/do",
        {"action": "drop", "id": "lamps", "version": "1"}, "note",
    ),
    "/staff/openness/{code}/do": (
        "POST", "/staff/openness/TRM-OPEN/do",
        {"action": "title", "title.fr": "Autre", "version": "1"}, "note",
    ),
    "/staff/openness/{code}/axes/do": (
        "POST", "/staff/openness/TRM-OPEN/axes/do",
        {"action": "axis", "title.fr": "Routes", "version": "2"}, "note",
    ),
    "/staff/openness/{code}/projects/do": (
        "POST", "/staff/openness/TRM-OPEN/projects/do",
        {"action": "drop_project", "key": "j3", "version": "3"}, "note",
    ),
    "/staff/openness/{code}/projects.{format}": (
        "GET", "/staff/openness/TRM-OPEN/projects.csv", {}, "download",
    ),
    "/staff/drafts/{code}": ("GET", "/staff/drafts/TRM-CHARTER", {}, "see"),
    "/staff/drafts/{code}/groups/{article}": ("GET", "/staff/drafts/TRM-CHARTER/groups/notice", {}, "see"),
    "/staff/drafts/{code}/do": (
        "POST", "/staff/drafts/TRM-CHARTER/do",
        {"action": "reply", "article": "notice", "outcome": "taken", "why.fr": "Oui"}, "reply",
    ),
    "/staff/sign-out": ("POST", "/staff/sign-out", {}, "sign out"),
}  # fmt: skip

#: Route -> why nothing stands in the log when it is used, or which other test sees to it.
UNLOGGED = {
    "/": "citizens' own page",
    "/chat/send": "a citizen's message; joining is logged where it is done",
    "/chat/messages": "a citizen reads their own chat",
    "/chat/media/{name}": "published files",
    "/chat-worker.js": "a script of the page",
    "/chat/who": "somebody else sits at a citizen's own page",
    "/chat/forget": "a citizen leaves their own page",
    "/my-data/{name}/{ticket}": "a citizen's own copy",
    "/static": "our own files",
    "/health": "a probe",
    "/healthz": "a probe",
    "/readyz": "a probe",
    "/metrics": "a probe",
    "/webhooks/telegram": "a provider",
    "/webhooks/twilio": "a provider",
    "/webhooks/twilio/status": "a provider",
    "/results/{code}": "public",
    "/results/{code}.json": "public",
    "/c/{council}.json": "public",
    "/c/{council}/feed.xml": "public",
    "/c/{council}/embed": "public",
    "/c/{council}": "public",
    "/staff": "counts of what waits, no results and no names",
    "/staff/sign-in": "an empty form",
    "/staff/second-factor": "logged as 'set' or 'show second factor': tests/bot/staff/test_second_factor.py",
    "/staff/consultations": "titles and dates; what is done there has a route of its own",
    "/staff/needs/{reference}/files/{name}": "opening the need is logged, and shows them",
    "/staff/downloads/{id}": "how far a file is; asking for it and taking it are logged",
    "/staff/downloads/{id}/file": "logged as 'take': test_downloads_are_asked_for_made_and_taken",
    "/staff/downloads/{id}/codebook.csv": "what columns mean, no answers",
    "/staff/approvals": "what waits, which its reader decides about",
    "/staff/audit": "the log itself; taking it away is logged",
    "/staff/poster/{code}.svg": "a public link as a picture",
    "/staff/new": "a draft is logged when it is saved, as 'save'",
    "/staff/preview": "nothing is kept",
    "/staff/c/{code}": "a consultation's life; its results have a page of their own",
    "/staff/c/{code}/edit": "logged when it is saved, as 'save' or 'amend'",
    "/staff/c/{code}/send": "logged as 'prepare' or 'plan' by the same lines as a notice",
    "/staff/broadcasts": "how many got what",
    "/staff/broadcasts/{id}": "how many got what",
    "/staff/lists": "names of lists; an import is logged by `lists.fill`",
    "/staff/c/{code}/crowds": "logged as 'decide crowd': test_a_clerk_decides_on_a_group_and_can_change_it",
    "/staff/petitions": "titles, and counts that the public page shows too",
    "/staff/petitions/{code}": "counts that the public page shows too; names are logged where they are shown",
    "/staff/commitments": "titles, days and states, which the public page shows too",
    "/staff/commitments/{code}": "what staff said of it, which is public; photos are logged: test_not_done_with_a_photo_opens_it_again_for_staff_until_they_answer",
    "/staff/commitments/{code}/evidence/{id}": "a photo that is taken to be public",
    "/staff/commitments/{code}/photos/{name}": "opening the commitment is logged, and shows them",
    "/staff/budgets": "titles and days",
    "/staff/budgets/new": "logged when it is begun, as 'save': test_from_ideas_to_commitments",
    "/staff/budgets/{code}/project": "logged as 'see' where what people told stands on it: test_what_people_told_is_read_on_the_record",
    "/staff/budgets/{code}/poster.pdf": "projects in the council's own words, for a wall",
    "/staff/budgets/{code}/papers": "how many ballots were entered, and nobody's",
    "/staff/budgets/{code}/papers/do": "logged as 'note' once the vote is open and has a roll: test_what_is_entered_is_logged_without_what_was_chosen",
    "/staff/openness": "titles and days",
    "/staff/openness/new": "logged when it is begun, as 'save': test_the_sequence_is_seen_before_anything_is_kept",
    "/staff/openness/{code}": "days, and what the council means to do",
    "/staff/openness/{code}/axes": "logged as 'see' where people's words stand on it: test_what_people_propose_stands_with_its_problem_masked_and_moderated",
    "/staff/openness/{code}/projects": "what the council means to do, in its own words",
    "/staff/openness/{code}/projects/card": "an empty form, or the council's own words",
    "/c/{council}/programmes/{code}": "public",
    "/c/{council}/programmes/{code}.json": "public",
    "/staff/meetings": "titles and days; who comes is counted on pages of their own",
    "/staff/meetings/{code}/groups": "numbers at the door by group, without names",
    "/staff/meetings/{code}/outcome/photos/{id}": "a photo that is taken to be public",
    "/staff/meetings/{code}/outcome": "what came of it, which is written to be public",
    "/staff/meetings/{code}": "how many places are taken, which everybody is told who signs up",
    "/ticket/{code}/{ticket}": "a citizen's own ticket",
    "/door": "a page with nobody on it",
    "/door-worker.js": "a script of the page",
    "/door/sync": "logged as 'door': test_two_telephones_and_the_desk_note_the_same_person_once",
    "/calendar/{code}.ics": "what was published anyway",
    "/staff/drafts": "titles; what is said of a draft has a page of its own",
    "/staff/drafts/{code}/groups/{article}/do": "logged as 'groups' when there are comments: test_a_group_is_taken_apart_until_somebody_was_told",
    "/staff/drafts/file": "logged when it is kept, as 'save': test_a_file_is_shown_before_anything_is_kept",
    "/staff/petitions/{code}/import": "logged when it is entered, as 'import signatures'",
}


@pytest.fixture
def config(tmp_path: Path) -> Config:
    """Two councils."""
    return config_of(tmp_path)


def test_every_route_is_logged_or_says_why_not() -> None:
    known = set(site.policies())
    assert known == LOGGED.keys() | UNLOGGED.keys()
    assert not LOGGED.keys() & UNLOGGED.keys()
    assert all(len(why) > 3 for why in UNLOGGED.values())


async def test_what_is_done_on_a_page_is_in_the_log(config: Config) -> None:
    async with busy_town(config) as town:
        link = await prepared(town)
        values = {
            "name": "Salma", "link": link, "reference": town.reference, "aside": str(town.aside),
            "approval": str(town.approval), "answer": town.answer, "note": town.note,
            "broadcast": str(town.broadcast), "signature": str(town.signature),
        }  # fmt: skip
        unlogged = []
        async with visitor(base_url=town.address) as client:
            for route, (method, path, form, action) in LOGGED.items():
                if route == "/staff/needs":
                    await town.sign_in(client, "Chief")
                before = len(await town.audit())
                data = {key: value.format(**values) for key, value in form.items()}
                target = path.format(**values)
                answer = await client.request(
                    method, target, data=data if method == "POST" else None
                )
                log = await town.audit()
                new = log[: len(log) - before]
                if action not in [done for _, done, _ in new]:
                    unlogged.append(f"{route}: {answer.status_code}, logged {new}")
        assert unlogged == [], "\n".join(unlogged)


async def prepared(town: Town) -> str:
    """A member of staff with a chat, and the link that the command line prints for her."""
    citizen = Citizen(town.app, "salma")
    await citizen.arrives()
    async with town.app.storage.transaction() as tx:
        member = await accounts.known(tx, town.council(), "Salma")
    await citizen.starts(staff_payload(town.app.vault, member.id, citizen.at + accounts.LINK_MS))
    return await link_for(town.app, "tarmigt", "Salma")
