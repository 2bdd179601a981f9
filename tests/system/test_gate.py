"""Who gets through: every staff route, for every role, for the council itself and for another one."""

import sqlite3
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from starlette.routing import Route

from bot.app import site
from bot.core.config import Config
from bot.kinds.openness import editing, keeping
from bot.web.frame.roles import ROLES as ALLOWED
from flows.kinds.openness.sequence import sequence
from storage.rows.staff import StaffOf
from tests.system.staffed import ROLES, SECRET, Town, busy_town, config_of, tell, town
from tests.visitor import visitor

#: Another site's form.
FOREIGN = (
    {"origin": "https://elsewhere.example"},
    {"origin": "https://elsewhere.example", "sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "same-site"},
)

#: A path and a method, and what the policy names.
Door = tuple[str, str, str]


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return config_of(tmp_path, second_person_from=2)


def doors(town: Town) -> list[Door]:
    """Every staff route with each of its methods."""
    found = []
    for route in site.build(town.app).routes:
        if not isinstance(route, Route) or not route.path.startswith("/staff"):
            continue
        policy = site.policies()[route.path]
        if policy.startswith("staff: "):
            methods = sorted((route.methods or set()) - {"HEAD"})
            found += [(route.path, method, policy.removeprefix("staff: ")) for method in methods]
    assert {path for path, _, _ in found} == {
        path for path, policy in site.policies().items() if policy.startswith("staff: ")
    }
    return found


def objects(town: Town) -> dict[str, dict[str, object]]:
    """What stands at the first council: beginning of a path -> its parameters."""
    return {
        "/staff/quarantine/": {"id": town.aside},
        "/staff/needs/": {"reference": town.reference, "name": town.photo},
        "/staff/downloads/": {"id": town.download},
        "/staff/indicators/": {"quarter": "2026Q4", "format": "csv"},
        "/staff/petitions/": {"code": town.petition},
        "/staff/drafts/": {"code": town.draft, "article": "notice"},
        "/staff/meetings/": {"code": town.meeting, "id": 1},
        "/staff/commitments/report/": {"half": "2026-H2", "format": "xlsx"},
        "/staff/commitments/": {"code": town.commitment, "name": town.photo, "id": 1},
        "/staff/openness/": {"code": town.programme, "format": "csv"},
        "/staff/budgets/": {"code": town.budget},
        "/staff/approvals/": {"id": town.approval},
        "/staff/summary/": {"code": town.poll, "format": "csv"},
        "/staff/poster/": {"code": town.poll},
        "/staff/c/": {"code": town.poll, "note": town.note},
        "/staff/broadcasts/": {"id": town.broadcast},
    }


def filled(path: str, values: dict[str, dict[str, object]]) -> str:
    """A path with its parameters. One that nobody thought of fails."""
    known = next((more for start, more in values.items() if path.startswith(start)), {})
    for name, value in known.items():
        path = path.replace(f"{{{name}}}", str(value))
    assert "{" not in path, f"no test knows what stands for the parameter of {path}"
    return path


def deeds(path: str, town: Town) -> Sequence[dict[str, str]]:
    """What would change something there, if it got through."""
    told = {"told.fr": "Non.", "outcome_day": "2026-11-21", "reasons": "Rien"}
    acts = {
        "/staff/needs/{reference}/do": [
            {"action": "preview", "text": "Bonjour"},
            {"action": "answer", "text": "Bonjour", "state": "done"},
            {"action": "receipt"},
            {"action": "note", "note": "Une note"},
            {"action": "assign", "assignee": str(town.member)},
            {"action": "merge", "into": town.reference},
            {"action": "unmerge"},
            {"action": "split", "part": "Une partie", "theme": "water"},
            {"action": "transcribe", "media": town.voice, "transcript": "Il dit"},
            {"action": "nature", "nature": "information"},
        ],
        "/staff/petitions/{code}/do": [
            {"action": "enter", "name": "Ali Amrani", "cin": "CD98765", "address": "Rue 4"},
            {"action": "invalidate", "id": str(town.signature), "reason": "Hors liste"},
            {"action": "restore", "id": str(town.signature)},
            {"action": "off_paper", "id": str(town.signature)},
            {"action": "deposit", "deposit_day": "2026-11-21"},
            {"action": "undo_deposit", "sure": "on"},
            {"action": "outcome", "outcome": "refused", **told},
        ],
        "/staff/drafts/{code}/do": [
            {"action": "reply", "article": "notice", "outcome": "taken", "why.fr": "Oui"},
            {"action": "tell"},
        ],
        "/staff/drafts/{code}/groups/{article}/do": [
            {"action": "put", "token.1": "x", "title.fr": "Oui"},
            {"action": "reply", "group": "1", "outcome": "taken", "why.fr": "Oui"},
        ],
        "/staff/openness/{code}/do": [{"action": "undo"}, {"action": "title", "title.fr": "Autre"}],
        "/staff/budgets/{code}/do": [
            {"action": "drop", "id": "lamps", "version": "1"},
            {"action": "refuse", "reference": town.reference, "reason": "Non"},
            {"action": "take", "reference": town.reference},
        ],
        "/staff/budgets/{code}/papers/do": [
            {"action": "enter", "numbers": "V0001", "how": "paper", "copies": "1", "p.lamps": "on"},
            {"action": "take_back", "how": "paper", "copies": "1", "p.lamps": "on"},
        ],
        "/staff/openness/{code}/axes/do": [
            {"action": "axis", "title.fr": "Routes", "version": "1"}
        ],
        "/staff/openness/{code}/projects/do": [
            {"action": "drop_project", "key": "j3", "version": "1"},
            {"action": "decide", "day": "2026-11-21", "approved.j3": "on", "version": "1"},
            {"action": "promise"},
        ],
        "/staff/c/{code}/do": [
            {"action": "open", "sure": "on"},
            {"action": "close", "sure": "on"},
            {"action": "archive"},
            {"action": "delete", "sure": "on"},
            {"action": "copy", "new_code": "TRM-COPY"},
            {"action": "decide", "decision.fr": "Adopté."},
            {"action": "need_status", "reference": town.reference, "status": "done"},
            {"action": "stop_planned", "prompt": "1"},
        ],
        "/staff/c/{code}/send": [{"what": "invitation"}, {"what": "reminder", "every": "day"}],
        "/staff/c/{code}/edit": [{"kind": "poll", "code": town.poll, "title.fr": "Autre"}],
        "/staff/c/{code}/answers/do": [
            {"action": "hide", "token": town.answer, "reason": "insult"},
            {"action": "show", "token": town.answer},
        ],
        "/staff/c/{code}/answers/heard": [
            {"action": "write", "token": town.note, "version": "0", "text": "Il dit"},
            {"action": "choose", "token": town.note, "version": "1", "choice": "yes"},
            {"action": "unclear", "token": town.note, "version": "0"},
            {"action": "undo", "token": town.note, "version": "1"},
        ],
        "/staff/broadcasts/{id}/do": [{"action": a} for a in ("start", "pause", "cancel")],
        "/staff/approvals/{id}": [{"decision": "yes"}, {"decision": "no"}],
    }
    return acts.get(path, [{"kept": "x"}])


def kept(folder: Path) -> dict[str, list[Any]]:
    """All that the database holds, but for who is signed in and the log of who did what."""
    with sqlite3.connect(f"file:{folder}/test.sqlite?mode=ro", uri=True) as base:
        names = [
            name for (name,) in base.execute("SELECT name FROM sqlite_master WHERE type='table'")
        ]
        assert {"audit", "sessions", "responses", "cases", "signatures"} <= set(names)
        return {
            name: sorted(map(repr, base.execute(f"SELECT * FROM {name}")))
            for name in names
            if name not in ("audit", "sessions")
        }


# --------------------------------------------------------------------------- signed out, and roles


async def test_who_is_not_signed_in_sees_nothing_anywhere(config: Config) -> None:
    async with busy_town(config) as full, visitor(base_url=full.address) as nobody:
        for path, method, _ in doors(full):
            where = filled(path, objects(full))
            answer = await nobody.request(
                method, where, data={"text": "typed"} if method == "POST" else None
            )
            assert answer.status_code == 401, f"{method} {where}"
            assert SECRET not in answer.text, f"{method} {where}"
            assert full.reference not in answer.text.replace(where, ""), f"{method} {where}"
        head = await nobody.head("/staff/needs")
        assert head.status_code == 401


@pytest.mark.parametrize("role", ROLES)
async def test_the_role_decides_on_every_route_and_nothing_else(config: Config, role: str) -> None:
    nothing = {
        "id": "1",
        "note": "none",
        "code": "NONE-1",
        "article": "notice",
        "reference": "NONE-2026-000001",
        "name": "none.jpg",
    }
    values = {"/staff/": {**nothing, "quarter": "2026Q4", "half": "2026-H2", "format": "csv"}}
    async with town(config) as quiet, visitor(base_url=quiet.address) as client:
        await quiet.sign_in(client, role, role)
        refused = []
        for path, method, action in doors(quiet):
            where = filled(path, values)
            answer = await client.request(
                method, where, data={"x": "y"} if method == "POST" else None
            )
            assert (answer.status_code == 403) == (role not in ALLOWED[action]), f"{method} {where}"
            assert answer.status_code not in (401, 405, 500), f"{method} {where}"
            if answer.status_code == 403:
                refused.append((role, "refused", f"{action} {where}"))
        noted = [entry for entry in await quiet.audit() if entry[1] == "refused"]
        assert set(refused) <= set(noted)


# --------------------------------------------------------------------------- another council


def own_objects(path: str) -> bool:
    """Whether a route is about one thing of one council."""
    return "{" in path and "/indicators/" not in path and "/report/" not in path


async def test_what_is_another_councils_is_not_there_and_reaching_for_it_is_noted(
    config: Config, tmp_path: Path
) -> None:
    async with busy_town(config) as full, visitor(base_url=full.address) as other:
        await full.sign_in(other, "said", "admin", "draa")
        before = kept(tmp_path)
        reached = set()
        for path, method, _ in doors(full):
            if not own_objects(path):
                continue
            for values in (objects(full), _others(full)):
                where = filled(path, values)
                for deed in deeds(path, full) if method == "POST" else [None]:
                    answer = await other.request(method, where, data=deed)
                    assert answer.status_code == 404, f"{method} {where} {deed}"
                    assert SECRET not in answer.text, f"{method} {where}"
                    reached.add(where)
        assert kept(tmp_path) == before
        noted = {object for _, action, object in await full.audit("draa") if action == "refused"}
        assert reached <= noted
        assert [entry for entry in await full.audit() if entry[0] == "said"] == []


def _others(full: Town) -> dict[str, dict[str, object]]:
    """The voice note in the place of the photo, and the other consultations in that of the poll."""
    values = objects(full)
    values["/staff/needs/"] = {"reference": full.reference.lower(), "name": full.voice}
    values["/staff/c/"] = values["/staff/summary/"] = {
        "code": full.needs, "format": "pdf", "note": full.note,
    }  # fmt: skip
    values["/staff/poster/"] = {"code": full.petition}
    return values


async def test_a_form_cannot_name_another_councils_things(config: Config, tmp_path: Path) -> None:
    async with busy_town(config) as full, visitor(base_url=full.address) as other:
        await full.sign_in(other, "said", "admin", "draa")
        mine = await tell(full.app, "yto", "La route est coupée", prefix="DRA")
        day = date(2027, 9, 6)
        begun = editing.with_axis(editing.begun({"fr": "P"}, day, sequence(day)), "", {"fr": "E"})
        begun = editing.with_problem(begun, "", "a1", {"fr": "C"}, {}, "")
        async with full.app.storage.transaction() as tx:
            await keeping.begin(tx, full.council("draa"), "DRA-OPEN", begun, "said")
        before = kept(tmp_path)
        do = f"/staff/needs/{mine}/do"
        for where, deed, status in (
            (do, {"action": "merge", "into": full.reference}, 409),
            (do, {"action": "unmerge", "other": full.reference}, 409),
            (do, {"action": "assign", "assignee": str(full.member)}, 409),
            (do, {"action": "transcribe", "media": full.voice, "transcript": "x"}, 409),
            ("/staff/members", {"action": "role", "id": str(full.member), "role": "reader"}, 409),
            ("/staff/members", {"action": "end", "id": str(full.member)}, 409),
            ("/staff/members", {"action": "link", "id": str(full.member)}, 409),
            ("/staff/c/DRA-LIGHT/answers/do", {"token": full.answer, "reason": "insult"}, 409),
            ("/staff/c/DRA-LIGHT/answers/heard", {"token": full.note, "text": "x"}, 409),
            ("/staff/petitions/DRA-PARK/do",
             {"action": "invalidate", "id": str(full.signature), "reason": "x"}, 422),
            ("/staff/openness/DRA-OPEN/axes/do",
             {"action": "attach", "key": "p2", "reference": full.reference, "version": "1"}, 422),
        ):  # fmt: skip
            answer = await other.post(where, data=deed)
            assert answer.status_code == status, f"{where} {deed}"
            assert SECRET not in answer.text, where
        for what, code in (("consultation", full.poll), ("signatures", full.petition)):
            asked = {"what": what, "object": code, "format": "csv", "language": "fr"}
            assert (await other.post("/staff/downloads", data=asked)).status_code == 404
        file = f"/staff/needs/{mine}/files/{full.photo}"
        assert (await other.get(file)).status_code == 404
        # Nor a voice note by the address of a consultation of one's own.
        note = f"/staff/c/DRA-LIGHT/answers/voice/{full.note}"
        assert (await other.get(note)).status_code == 404
        assert kept(tmp_path) == before


async def test_a_file_is_only_for_who_asked_for_it(config: Config) -> None:
    async with busy_town(config) as full, visitor(base_url=full.address) as colleague:
        await full.sign_in(colleague, "nadia", "admin")
        for more in ("", "/file", "/codebook.csv"):
            where = f"/staff/downloads/{full.download}{more}"
            assert (await colleague.get(where)).status_code == 404, where
            assert ("nadia", "refused", where) in await full.audit()
        assert str(full.download) not in (await colleague.get("/staff/downloads")).text


# --------------------------------------------------------------------------- other sites


async def test_a_form_of_another_site_is_refused_everywhere(config: Config, tmp_path: Path) -> None:
    async with busy_town(config) as full, visitor(base_url=full.address) as client:
        await full.sign_in(client, "nadia", "admin")
        before = kept(tmp_path)
        posts = [
            (path, filled(path, objects(full)))
            for path, method, _ in doors(full)
            if method == "POST"
        ]
        posts += [(path, path.replace("{secret}", "x" * 32)) for path in _doors_without_session()]
        for path, where in posts:
            for headers in FOREIGN:
                for deed in deeds(path, full):
                    answer = await client.post(where, data=deed, headers=headers)
                    assert answer.status_code == 403, f"{where} {headers}"
                    assert "set-cookie" not in answer.headers, where
        assert kept(tmp_path) == before
        assert (await client.get("/staff")).status_code == 200
        ours = {"origin": full.address, "sec-fetch-site": "same-origin"}
        do = f"/staff/needs/{full.reference}/do"
        sent = await client.post(do, data={"action": "note", "note": "Vu"}, headers=ours)
        assert sent.status_code == 303


def _doors_without_session() -> Iterator[str]:
    for path in site.policies():
        if path.startswith("/staff/sign-") and path != "/staff/sign-in":
            yield path


# --------------------------------------------------------------------------- a session lives


async def test_a_role_taken_away_is_gone_with_the_next_request(config: Config) -> None:
    async with (
        town(config) as quiet,
        visitor(base_url=quiet.address) as admin,
        visitor(base_url=quiet.address) as member,
    ):
        await quiet.sign_in(admin, "nadia", "admin")
        await quiet.sign_in(member, "omar", "data")
        assert (await member.get("/staff/audit")).status_code == 200
        async with quiet.app.storage.reading() as tx:
            staff = await tx.rows(StaffOf, council_id=quiet.council())
        id = next(one.id for one in staff if one.name == "omar")

        async def changes(**deed: str) -> None:
            answer = await admin.post("/staff/members", data={"id": str(id), **deed})
            assert answer.status_code == 303

        await changes(action="role", role="reader")
        assert (await member.get("/staff/audit")).status_code == 403
        assert (await member.get("/staff")).status_code == 200
        await changes(action="end")
        assert (await member.get("/staff")).status_code == 401
        await changes(action="back")
        # Who is let in again signs in again.
        assert (await member.get("/staff")).status_code == 401
        assert (await admin.post("/staff/sign-out")).status_code == 303
        assert (await admin.get("/staff")).status_code == 401


async def test_how_many_messages_are_put_aside_is_told_to_their_council_only(
    config: Config,
) -> None:
    async with busy_town(config) as full:
        for code, count in (("tarmigt", 1), ("draa", 0)):
            async with visitor(base_url=full.address) as client:
                await full.sign_in(client, "said", "admin", code)
                shown = (await client.get("/staff")).text
                assert shown.count('action="/staff/quarantine/') == count
                overview = (await client.get("/staff/consultations?lang=en")).text
                assert ("put aside" in overview) == bool(count), code
