"""The catalogues: complete, alike, and understood when their words are typed."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

import flows
from flows.dialog import choices
from flows.understanding import phrases
from flows.understanding.phrases import Command
from flows.wording import Renderer, catalogue, render
from flows.wording.text import LANGUAGES, Code, Translated, Verbatim, msg
from tests.flows.wording.catalogues import placeholders

FOLDER = Path(flows.__file__).parent / "wording"
ROOT = FOLDER.parents[1]
FILES = [*LANGUAGES, "staff.ar", "staff.fr", "staff.en"]

#: Ids that code puts together: `msg(f"state.{state}")`.
FAMILIES = (
    "state.", "poll.rating.", "web.", "command.", "profile.woman", "profile.man", "staff.",
    "consultation.", "summary.", "report.", "channel.", "assurance.", "petition.",
    "audit.", "danger.", "draft.", "meeting.", "commitment.", "budget.", "budget_desk.", "openness.", "openness_desk.", "desk.", "today.", "outcome.", "downloads.", "personal.", "signatories.", "reply.phrase.", "broadcast.", "organizer.count.", "authoring.channel.", "join.on.", "template.", "check.", "error.", "changed.", "why.",
)  # fmt: skip

#: Latin words that stand in Arabic and Tifinagh texts as they are.
LATIN = re.compile(
    r"\{[^}]*\}|AB123456|OZT-2026-000123|\b(?:CIN|PDF|MB|JavaScript|QR|WhatsApp|Telegram|Tachawor|A[0-3]|"
    r"XLSX|CSV|JSON|TOML|HCP|RGPH|CC|BY|SHA-256|Borda)\b"
)

BIDI = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")


@cache
def po(name: str) -> Catalog:
    with (FOLDER / f"{name}.po").open("rb") as file:
        return read_po(file, abort_invalid=True)


@cache
def entries(name: str) -> dict[str, tuple[str, ...]]:
    found = {}
    for entry in po(name):
        if entry.id:
            id = entry.id if isinstance(entry.id, str) else entry.id[0]
            forms = entry.string if isinstance(entry.string, tuple | list) else (entry.string,)
            found[id] = tuple(str(form) for form in forms)
    return found


@cache
def plural_ids(name: str) -> set[str]:
    return {entry.id[0] for entry in po(name) if isinstance(entry.id, tuple | list)}


def source_of(name: str) -> str:
    return "staff.en" if name.startswith("staff.") else "en"


def used_ids(*, tables: bool) -> Iterator[str]:
    """Ids in calls of `msg`, and with `tables` every string that looks like one."""
    if tables:
        for path in (ROOT / "bot").rglob("*.html"):
            yield from re.findall(r"\bt\(\"([a-z_.0-9]+)\"", path.read_text("utf-8"))
    for folder in ("flows", "bot"):
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if (
                    isinstance(node, ast.Call)
                    and isinstance(node.func, ast.Name)
                    and node.func.id == "msg"
                    and node.args
                ):
                    yield from (
                        part.value
                        for part in ast.walk(node.args[0])
                        if isinstance(part, ast.Constant)
                        and isinstance(part.value, str)
                        and "." in part.value.strip(".")
                    )
                # Tables such as the menu's name their entries as plain strings.
                if (
                    tables
                    and isinstance(node, ast.Constant)
                    and isinstance(node.value, str)
                    and re.fullmatch(r"[a-z_]+\.[a-z_.0-9]+", node.value)
                ):
                    yield node.value


@pytest.mark.parametrize("name", FILES)
def test_no_entry_is_missing_and_none_is_left_over(name: str) -> None:
    assert set(entries(name)) == set(entries(source_of(name)))


@pytest.mark.parametrize("name", FILES)
def test_every_form_has_the_placeholders_of_the_english_text(name: str) -> None:
    source = entries(source_of(name))
    for id, forms in entries(name).items():
        wanted = frozenset().union(*(placeholders(form) for form in source[id]))
        for form in forms:
            assert placeholders(form) | {"count"} == wanted | {"count"}, f"{name}: {id}: {form}"
            if len(forms) == 1:
                assert placeholders(form) == wanted, f"{name}: {id}: {form}"


@pytest.mark.parametrize("name", FILES)
def test_every_plural_has_the_forms_of_its_language_and_none_is_empty(name: str) -> None:
    number = {"ar": 6, "ary": 6, "staff.ar": 6}.get(name, 2)
    assert po(name).num_plurals == number
    assert plural_ids(name) == plural_ids(source_of(name))
    for id, forms in entries(name).items():
        assert len(forms) == (number if id in plural_ids(name) else 1), f"{name}: {id}"
        assert all(form.strip() for form in forms), f"{name}: {id} is empty"


@pytest.mark.parametrize("name", [name for name in FILES if not name.endswith("en")])
def test_a_translation_is_not_a_copy_of_the_english(name: str) -> None:
    source = entries(source_of(name))
    same = [
        id
        for id, forms in entries(name).items()
        if id != "staff.consultations"  # the same word in French
        and forms[0] == source[id][0]
        and len(re.sub(r"\{\w+\}|\W", "", forms[0])) > 12
    ]
    assert same == []


def test_every_entry_that_code_uses_exists() -> None:
    known = set(entries("en")) | set(entries("staff.en"))
    # f"state.{state}" leaves its beginning, which must begin some entry.
    missing = {
        id
        for id in used_ids(tables=False)
        if id not in known and not any(other.startswith(id) for other in known)
    }
    assert missing == set()


def test_no_entry_is_unused() -> None:
    used = set(used_ids(tables=True))
    unused = {
        id
        for id in entries("en")
        if id not in used and not id.startswith(FAMILIES) and id != "step"
    }
    assert unused == set()


@pytest.mark.parametrize("name", FILES)
def test_no_invisible_sign_stands_in_a_catalogue(name: str) -> None:
    assert [id for id, forms in entries(name).items() if BIDI.search("".join(forms))] == []


@pytest.mark.parametrize("name", ["ar", "ary", "zgh", "staff.ar"])
def test_no_latin_word_has_slipped_into_arabic_or_tifinagh(name: str) -> None:
    found = {
        id: rest
        for id, forms in entries(name).items()
        if re.search("[A-Za-z]", rest := LATIN.sub("", " ".join(forms)))
    }
    assert found == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_button_fits_where_a_channel_shows_it(language: str) -> None:
    long = {
        id: form
        for id, forms in entries(language).items()
        if id.startswith(("button.", "menu.")) and id not in ("menu.ask", "menu.nothing_open")
        for form in forms
        if len(re.sub(r"\{\w+\}", "", form)) > 24
    }
    assert long == {}


#: What the words in quotation marks of each entry must mean when typed, in the order of the text.
QUOTED = {
    "help.text": [Command.BACK, Command.SKIP, Command.CANCEL, Command.MENU, Command.LANGUAGE,
                  Command.MY_DATA, Command.NOTICES, Command.STOP],
    "consent.short": [Command.STOP, Command.MY_DATA],
    "consent.long": [Command.MY_DATA, Command.STOP],
    "consent.declined": [Command.START],
    "chat.cancelled": [Command.RESUME],
    "chat.way_out": [Command.SKIP, Command.HELP, Command.MENU, Command.CANCEL],
    "chat.way_out_needed": [Command.HELP, Command.MENU, Command.CANCEL],
    "chat.stopped": [Command.START],
    "chat.apology": [Command.MENU],
    "chat.edited": [Command.BACK],
    "chat.old_button": [Command.MENU],
    "my_data.forgotten": [Command.START],
    "notices.muted": [Command.NOTICES],
    "organizer.linked": [Command.NEW_POLL],
}  # fmt: skip


@pytest.mark.parametrize("id", QUOTED)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_words_that_a_text_tells_to_write_are_understood(language: str, id: str) -> None:
    text = entries(language)[id][0]
    quoted = re.findall(r"[«“]\s*([^«»“”]+?)\s*[»”]", text)
    assert [phrases.command(word) for word in quoted] == QUOTED[id], quoted


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_stands_on_a_button_can_be_typed_instead(language: str) -> None:
    assert phrases.yes_no(render(msg("button.yes"), language)) is True
    assert phrases.yes_no(render(msg("button.no"), language)) is False
    for id in ("button.skip", "button.done", "button.more"):
        assert choices.says(render(msg(id), language), msg(id))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_entry_can_be_rendered(language: str) -> None:
    book = catalogue(language)
    for id, forms in book.entries.items():
        names = frozenset().union(*(placeholders(form) for form in forms))
        values = dict.fromkeys(names - {"count"}, Verbatim("x"))
        alone = 11 if "count" in names else None  # "Sent: 11" has one form for all numbers
        for count in (0, 1, 2, 3, 11, 100) if len(forms) > 1 else (alone,):
            assert render(msg(id, count=count, **values), language)


def test_a_reference_reads_left_to_right_inside_arabic() -> None:
    text = msg("contributions.reference", reference=Code("OZT-2026-000123"))
    assert "\u2066OZT-2026-000123\u2069" in render(text, "ar")
    assert "\u2066" not in render(text, "fr")


def test_a_persons_text_is_isolated_from_the_text_around_it() -> None:
    text = msg("review.line", number=1, label=Verbatim("a"), answer=Verbatim("ماء"))
    assert "\u2068ماء\u2069" in render(text, "fr")


def test_an_organizers_missing_language_falls_back_and_is_remembered() -> None:
    renderer = Renderer("en", default="fr")
    assert renderer.render(Translated({"fr": "Bonjour", "ar": "سلام"})) == "Bonjour"
    assert renderer.stood_in == "fr"


def test_arabic_and_darija_stand_in_for_each_other_without_a_word() -> None:
    renderer = Renderer("ary", default="fr")
    assert renderer.render(Translated({"fr": "Bonjour", "ar": "سلام"})) == "سلام"
    assert renderer.stood_in is None


def test_thousands_do_not_break_apart() -> None:
    text = msg("trouble.too_long", longest=2000, length=10_000)
    assert "10\u00a0000" in render(text, "fr")


def test_which_language_stands_for_which_is_said_in_one_place() -> None:
    """A table of our five languages onto our languages stands in `flows.wording` alone."""
    found = []
    for folder in ("bot", "flows"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if not isinstance(node, ast.Dict):
                    continue
                keys, values = (
                    {getattr(n, "value", None) for n in part} for part in (node.keys, node.values)
                )
                if keys == set(LANGUAGES) and values <= {*LANGUAGES}:
                    found.append(str(path.relative_to(ROOT)))
    assert found == ["flows/wording/text.py"]
