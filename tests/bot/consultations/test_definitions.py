"""Definitions: what is wrong is said with file and key when they are written."""

from pathlib import Path

import pytest

from bot.app.build import App, example_folder
from bot.consultations.definitions import BrokenDefinition, add, open_consultation, read_definition
from bot.core.refusals import NotAllowed

POLL = (example_folder() / "poll.toml").read_text("utf-8")
NEED = (example_folder() / "need.toml").read_text("utf-8")
PETITION = (example_folder() / "petition.toml").read_text("utf-8")


def refused(app: App, folder: Path, text: str) -> str:
    path = folder / "broken.toml"
    path.write_text(text, "utf-8")
    councils = {council.code: council for council in app.register.all().values()}
    with pytest.raises(BrokenDefinition) as error:
        read_definition(path, councils)
    assert "broken.toml: " in str(error.value)
    return str(error.value)


@pytest.mark.parametrize(
    ("text", "old", "new", "said"),
    [
        (POLL, 'kind = "poll"', 'kind = "pole"', "kind: is 'pole'; it must be one of: "),
        (POLL, 'type = "single"', 'type = "singel"', "questions[0].type: Invalid enum value 'singel'; "
         "allowed are: date, multiple"),
        (POLL, "minutes = 2", "minuts = 2", "allowed are: kind, code"),
        (POLL, "minutes = 2", "minutes = 'two'", "minutes"),
        (POLL, "minutes = 2", "minutes = 0", "minutes: is 0; it must be from 1 to 240"),
        (POLL, 'code = "OZT-LIGHT"', 'code = "ozt light"', "code: is 'ozt light'"),
        (POLL, 'council = "example"', 'council = "rome"', "no council has the code 'rome'"),
        (POLL, 'key = "where"', 'key = "light"', "'light' is used twice; keys are unique"),
        (POLL, 'id = "weak"', 'id = "good"', "'good' is used twice; ids are unique"),
        (POLL, 'question = "light"', 'question = "dark"', "'dark' is not an earlier question"),
        (POLL, '["weak", "none"]', '["weak", "nun"]', "'nun' is no answer of 'light'"),
        (POLL, "most = 2", "most = 9", "asks for more than the 4 choices"),
        (POLL, "minutes = 2", "opens = 2026-12-02T00:00:00\ncloses = 2026-12-01T00:00:00", "closes"),
        (POLL, 'type = "rating"', 'type = "rating"\nvoice = { ary = "a.ogg" }', "no file 'a.ogg'"),
        (POLL, "[title]\n", "[title]\nes = \"luz\"\n", "title.es: is no language of ours"),
        (NEED, "[title]\n", "[[themes]]\nid = \"one\"\ntext = { fr = \"x\" }\n[title]\n", "two or more"),
        (PETITION, 'representative = "Example representative (وكيل العريضة)"', 'representative = " "',
         "representative: is empty"),
        (PETITION, "minutes = 2", 'place = "77"', "place: no place has the HCP code '77'"),
        (POLL, "[title]", "[title", "(TOML)"),
        (POLL, 'kind = "poll"', 'kind = ["poll"]', "it must be one of: "),
        (POLL, "minutes = 2", "opens = 2026-12-02T00:00:00+05:00", "without an offset"),
        (POLL, 'code = "OZT-LIGHT"', 'code = "OZT-2026-000001"', "such as OZT-LIGHT"),
        (POLL, 'code = "OZT-LIGHT"', 'code = "LIGHT"', "with a hyphen between"),
        (POLL, '["weak", "none"]', "[]", "any_of: is empty"),
        (POLL, "most = 2", "most = -1", "most is not below 0"),
        (POLL, 'fr = "Faible"', 'fr = "Bon"', "'Bon' is the text of another choice too"),
        (POLL, "minutes = 2", "minutes = 99999", "from 1 to 240"),
        (POLL, 'en = "Weak"', 'en = "We\u202eak"', "holds signs nobody sees"),
    ],
)  # fmt: skip
async def test_an_error_is_said_with_its_key_and_what_would_be_right(
    app: App, tmp_path: Path, text: str, old: str, new: str, said: str
) -> None:
    assert old in text
    assert said in refused(app, tmp_path, text.replace(old, new, 1))


async def test_several_errors_are_said_at_once(app: App, tmp_path: Path) -> None:
    text = POLL.replace('code = "OZT-LIGHT"', 'code = "x y"').replace("minutes = 2", "minutes = 0")
    said = refused(app, tmp_path, text)
    assert "code: " in said
    assert "minutes: " in said


async def test_an_open_consultation_cannot_be_changed_under_those_who_answer(app: App) -> None:
    councils = {council.code: council for council in app.register.all().values()}
    raw, head = read_definition(example_folder() / "poll.toml", councils)
    async with app.storage.transaction() as tx:
        with pytest.raises(NotAllowed, match="OZT-LIGHT is open; only a draft can be changed"):
            await add(tx, app.register, raw, head)


@pytest.mark.parametrize("incomplete", [False, True])
async def test_a_draft_opens_with_a_choice_that_lacks_a_language_only_if_that_is_said(
    app: App, tmp_path: Path, incomplete: bool
) -> None:
    file = tmp_path / "new.toml"
    file.write_text(POLL.replace("OZT-LIGHT", "OZT-NEW").replace(', fr = "Faible"', ""), "utf-8")
    councils = {council.code: council for council in app.register.all().values()}
    raw, head = read_definition(file, councils)
    async with app.storage.transaction() as tx:
        await add(tx, app.register, raw, head)
        row = await app.register.by_code(tx, "OZT-NEW")
        assert row is not None
        if not incomplete:
            with pytest.raises(
                NotAllowed, match=r"questions\[0\]\.choices\[1\]\.text has no text in fr"
            ):
                await open_consultation(tx, row)
        else:
            await open_consultation(tx, row, incomplete=True)
        fresh = await app.register.by_id(tx, row.id)
    assert fresh.state == ("open" if incomplete else "draft")


async def test_a_folder_or_a_mark_of_an_editor_is_no_traceback(app: App, tmp_path: Path) -> None:
    councils = {council.code: council for council in app.register.all().values()}
    with pytest.raises(BrokenDefinition, match="cannot be read"):
        read_definition(tmp_path, councils)
    (tmp_path / "notepad.toml").write_text(POLL, "utf-8-sig")
    _, head = read_definition(tmp_path / "notepad.toml", councils)
    assert head.code == "OZT-LIGHT"
