"""Shared code names no kind: not its name, not its modules, not its structs."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from flows.kinds import kinds

ROOT = Path(__file__).parents[1]

#: Where a kind may be named: its own places, the example council, the wording, the one that builds.
OWN = re.compile(
    r"flows/kinds/(%s)\b|bot/kinds/(%s)/|bot/example/|flows/wording/|bot/app/build\.py$"
    % (("|".join(kinds()),) * 2)
)

#: A word that is a kind's by chance: what Telegram calls its own, what citizens say they want.
CHANCE = {
    ("bot/channels/telegram_updates.py", "poll"),
    ("flows/understanding/beside/intents.py", "petition"),
}

MODULES = re.compile(r"(flows|bot)\.kinds\.({})\b".format("|".join(kinds())))


def shared() -> Iterator[Path]:
    """Every module and template that is of no kind."""
    for folder in ("bot", "flows"):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in (".py", ".html") and not OWN.match(name_of(path)):
                yield path


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def named_in_python(source: str) -> Iterator[str]:
    """What names a kind in a module: a text, an import, a struct of its definition."""
    structs = {kind.definition.__name__ for kind in kinds().values()}
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Constant(value=str(text)) if text in kinds():
                yield text
            case ast.ImportFrom(module=str(module)) if MODULES.match(module):
                yield module
            case ast.ImportFrom(module="flows.kinds" | "bot.kinds", names=names):
                yield from (one.name for one in names if one.name in kinds())
            case ast.Call(func=ast.Name(id="isinstance"), args=[_, of]):
                inside = {one.id for one in ast.walk(of) if isinstance(one, ast.Name)}
                yield from inside & structs


def named_in_template(text: str) -> list[str]:
    """What names a kind in a template: its name as a text, within what Jinja reads."""
    read = " ".join(re.findall(r"\{[{%].*?[}%]\}", text, re.DOTALL))
    return re.findall(r"""["']({})["']""".format("|".join(kinds())), read)


@pytest.mark.parametrize("path", list(shared()), ids=name_of)
def test_shared_code_names_no_kind(path: Path) -> None:
    text = path.read_text("utf-8")
    found = named_in_template(text) if path.suffix == ".html" else [*named_in_python(text)]
    assert [one for one in found if (name_of(path), one) not in CHANCE] == []


def test_shared_queries_name_no_kind() -> None:
    for path in sorted((ROOT / "storage" / "sql").rglob("*.sql")):
        for kind in kinds():
            assert f"'{kind}'" not in path.read_text("utf-8"), name_of(path)


@pytest.mark.parametrize(
    "source",
    [
        'row.kind == "poll"',
        'x = {"need": 1}',
        "from flows.kinds.petition import cited",
        "from flows.kinds import poll",
        "from bot.kinds.need import similar",
        "isinstance(head, Poll)",
        "isinstance(head, (Head, definition.Needs, Petition))",
    ],
)
def test_each_way_to_name_one_is_seen(source: str) -> None:
    assert [*named_in_python(source)]


def test_a_template_that_names_one_is_seen() -> None:
    assert named_in_template('{% if row.kind == "need" %}<b>need</b>{% endif %}') == ["need"]
    assert named_in_template('<a href="/staff/petitions">"petition"</a>') == []
