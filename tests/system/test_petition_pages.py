"""The petition's desk without a browser: every signature with all that is kept of it, and its papers."""

import csv
import re
from collections.abc import AsyncIterator
from html import unescape
from pathlib import Path

import httpx
import pytest

from bot.core.config import Config
from bot.core.localtime import local_day, now_ms
from bot.results import requests
from tests.citizen import plain
from tests.system.staffed import HOUR, SECRET, Town, busy_town, config_of, made, sign
from tests.visitor import visitor

PARK = "/staff/petitions/TRM-PARK"


@pytest.fixture
def config(tmp_path: Path) -> Config:
    """Two councils."""
    return config_of(tmp_path)


@pytest.fixture
async def full(config: Config) -> AsyncIterator[Town]:
    """Both; at the first, one person has signed in the chat, and the petition is deposited."""
    async with busy_town(config) as busy:
        yield busy


@pytest.fixture
async def clerk(full: Town) -> AsyncIterator[httpx.AsyncClient]:
    """A clerk who reads English, and has entered two signatures from paper."""
    async with visitor(base_url=full.address) as client:
        await full.sign_in(client, "omar", "clerk")
        await client.get("/staff?lang=en")
        for form in (
            {"name": "Ali Amrani", "cin": "CD98765", "address": "Rue 4, Tarmigt", "line": "page 2"},
            {"name": "Zineb Naciri", "cin": "EF11111", "address": "Rue 5"},
        ):
            answer = await client.post(f"{PARK}/do", data={"action": "enter", **form})
            assert answer.status_code == 303, answer.text
        yield client


async def read(client: httpx.AsyncClient, where: str) -> str:
    """A page without the signs that keep directions apart."""
    answer = await client.get(where)
    assert answer.status_code == 200, where
    return plain(unescape(answer.text))


def articles(page: str) -> dict[str, str]:
    """What stands about each signature, by the name."""
    found = re.findall(r"<article.*?</article>", page, re.DOTALL)
    names = ("Ali Amrani", "Zineb Naciri", f"Brahim {SECRET}")
    return {name: one for one in found for name in names if name in one}


async def number_of(client: httpx.AsyncClient, name: str) -> str:
    """The number of a signature, as its buttons send it."""
    one = articles(await read(client, f"{PARK}/signatures"))[name]
    return re.findall(r'name="id" value="(\d+)"', one)[0]


async def test_each_signature_stands_there_with_all_that_is_kept_of_it(
    clerk: httpx.AsyncClient,
) -> None:
    """Name, masked card, address, where it came from and who entered it."""
    shown = articles(await read(clerk, f"{PARK}/signatures"))
    assert len(shown) == 3
    for part in ("•••••65", "Rue 4, Tarmigt", "page 2", "omar"):
        assert part in shown["Ali Amrani"], part
    assert "CD98765" not in shown["Ali Amrani"]
    assert "Agdz" in shown[f"Brahim {SECRET}"]
    assert "omar" not in shown[f"Brahim {SECRET}"]


async def test_who_says_that_a_card_is_theirs_stands_beside_who_signed_with_it(
    full: Town, clerk: httpx.AsyncClient
) -> None:
    """Both names and addresses, so that a clerk can ask them; the card itself stays masked."""
    await sign(full.app, "chaima", "CD98765")
    (one,) = re.findall(
        r"<article.*?</article>", await read(clerk, f"{PARK}/signatures?shown=claims"), re.DOTALL
    )
    for part in (f"Chaima {SECRET}", "Ali Amrani", "Rue 4, Tarmigt", "•••••65"):
        assert part in one, part
    assert "CD98765" not in one


async def test_one_is_declared_invalid_with_a_reason_and_counts_again_without(
    full: Town, clerk: httpx.AsyncClient
) -> None:
    """Who did it and when stands beside it; the log knows both steps; the filters stay."""
    id = await number_of(clerk, "Ali Amrani")
    do = {"action": "invalidate", "id": id, "shown": "paper", "search": "Ali"}
    assert (await clerk.post(f"{PARK}/do", data=do)).status_code == 422
    answer = await clerk.post(f"{PARK}/do", data={**do, "reason": "Hors des listes"})
    assert answer.headers["location"] == f"{PARK}/signatures?shown=paper&search=Ali#s{id}"
    one = articles(await read(clerk, f"{PARK}/signatures"))["Ali Amrani"]
    today = local_day(now_ms()).strftime("%d/%m/%Y")
    for part in ("invalid", "Hors des listes", today):
        assert part in one, part
    assert one.count("omar") == 2
    answer = await clerk.post(f"{PARK}/do", data={"action": "restore", "id": id})
    assert answer.headers["location"] == f"{PARK}/signatures?#s{id}"
    assert "Hors des listes" not in await read(clerk, f"{PARK}/signatures")
    noted = [entry[1:] for entry in await full.audit() if entry[1] in ("invalidate", "restore")]
    assert noted == [("restore", f"TRM-PARK signature {id}"), ("invalidate", f"TRM-PARK signature {id}")]  # fmt: skip


async def test_a_mark_that_it_is_on_paper_is_taken_back(clerk: httpx.AsyncClient) -> None:
    """Of one of the chat, whose card was entered from paper as well."""
    form = {"action": "enter", "name": f"Brahim {SECRET}", "cin": "KB204971", "address": "Agdz"}
    assert (await clerk.post(f"{PARK}/do", data=form)).status_code == 303
    name = f"Brahim {SECRET}"
    assert name in articles(await read(clerk, f"{PARK}/signatures?shown=paper"))
    do = {"action": "off_paper", "id": await number_of(clerk, name)}
    assert (await clerk.post(f"{PARK}/do", data=do)).status_code == 303
    assert name not in articles(await read(clerk, f"{PARK}/signatures?shown=paper"))


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", {"Ali Amrani", "Zineb Naciri", f"Brahim {SECRET}"}),
        ("shown=nothing", {"Ali Amrani", "Zineb Naciri", f"Brahim {SECRET}"}),
        ("shown=chat", {f"Brahim {SECRET}"}),
        ("shown=paper", {"Ali Amrani"}),
        ("shown=invalid", {"Zineb Naciri"}),
        ("search=NACIRI", {"Zineb Naciri"}),
        ("search=nobody", set()),
        ("page=0", {"Ali Amrani", "Zineb Naciri", f"Brahim {SECRET}"}),
        ("page=99999999", {"Ali Amrani", "Zineb Naciri", f"Brahim {SECRET}"}),
    ],
)
async def test_signatures_are_chosen_by_where_they_came_from_and_by_name(
    clerk: httpx.AsyncClient, query: str, names: set[str]
) -> None:
    """And a page that there is not is the nearest."""
    id = await number_of(clerk, "Zineb Naciri")
    do = {"action": "invalidate", "id": id, "reason": "Hors des listes"}
    assert (await clerk.post(f"{PARK}/do", data=do)).status_code == 303
    page = await read(clerk, f"{PARK}/signatures?{query}")
    assert articles(page).keys() == names


async def test_a_file_is_shown_line_by_line_before_anything_is_entered(
    clerk: httpx.AsyncClient,
) -> None:
    """The good ones counted, the bad ones told with what is wrong."""
    content = b"nom,cin,adresse\nSaid Alami,GH33333,Tarmigt\nAli,12,Tarmigt\n"
    answer = await clerk.post(f"{PARK}/import", files={"file": ("liste.csv", content)})
    page = plain(unescape(answer.text))
    assert answer.status_code == 200
    assert "<nav aria-label" in page
    assert "Line 3" in page
    kept = re.findall(r'name="kept" value="([^"]+)"', page)[0]
    answer = await clerk.post(f"{PARK}/import", data={"kept": kept})
    assert answer.headers["location"] == f"{PARK}?done=import&n=1#enter"
    assert "Said Alami" in await read(clerk, f"{PARK}/signatures")
    assert "1 signature" in await read(clerk, answer.headers["location"])


async def test_the_list_has_the_empty_lines_that_are_asked_for(clerk: httpx.AsyncClient) -> None:
    """Twenty if nothing is said; for signing by hand, a first one always."""

    async def pages(query: str) -> int:
        answer = await clerk.get(f"{PARK}/list.pdf?lang=en&{query}")
        assert answer.headers["content-type"] == "application/pdf"
        return len(re.findall(rb"/Type\s*/Page\b", answer.content))

    assert await pages("rows=none") == await pages("rows=none&blank=20")
    assert await pages("rows=none&blank=200") > await pages("rows=none&blank=20")


async def test_the_desk_shows_what_the_law_asks_for_and_how_far_it_is(
    clerk: httpx.AsyncClient, full: Town
) -> None:
    """With the articles; deposited, with its day, receipt and when the answer is due."""
    page = await read(clerk, PARK)
    for part in ("TRM-DEP-", local_day(now_ms()).strftime("%d/%m/%Y"), "rganic law", "<strong"):
        assert part in page, part
    every = await read(clerk, "/staff/petitions")
    assert f'href="{PARK}"' in every


async def test_the_signatories_as_a_file_have_every_column_right(
    full: Town, clerk: httpx.AsyncClient
) -> None:
    """Of the chat, of paper, of both; one that was declared invalid says why."""
    for form in (
        {"action": "enter", "name": f"Brahim {SECRET}", "cin": "KB204971", "address": "Agdz"},
        {"action": "invalidate", "id": await number_of(clerk, "Zineb Naciri"), "reason": "Mineure"},
    ):
        assert (await clerk.post(f"{PARK}/do", data=form)).status_code == 303
    await sign(full.app, "chama", "JK204977")
    async with full.app.storage.transaction() as tx:
        asked = await requests.ask(
            tx, full.council(), full.member, "signatures", full.petition, "csv", "en",
            filters={}, identities=True,
        )  # fmt: skip
    row = await made(full.app, asked)
    text = (full.app.media.downloads / str(row.file)).read_text("utf-8-sig")
    table = text[text.index("Name;CIN") :].splitlines()
    lines = {line["Name"]: line for line in csv.DictReader(table, delimiter=";")}
    # Whoever signed in the chat did so an hour ago: just after midnight that was yesterday.
    today = local_day(now_ms()).isoformat()
    before = local_day(now_ms() - HOUR).isoformat()
    for name, cin, address, how, line, invalid in (
        (f"Brahim {SECRET}", "KB204971", "Agdz", "in the chat and on paper", "", ""),
        (f"Chama {SECRET}", "JK204977", "Agdz", "in the chat", "", ""),
        ("Ali Amrani", "CD98765", "Rue 4, Tarmigt", "on paper", "page 2", ""),
        ("Zineb Naciri", "EF11111", "Rue 5", "on paper", "", "Mineure"),
    ):
        assert lines[name] == {
            "Name": name, "CIN": cin, "Address": address, "Commune": "Tarmigt", "How signed": how,
            "Page and line": line, "Day": before if "chat" in how else today, "Why invalid": invalid,
        }  # fmt: skip
