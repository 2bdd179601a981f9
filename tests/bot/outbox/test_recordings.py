"""Our own texts, spoken: played with the text, in the citizen's language, on every channel."""

from pathlib import Path

import msgspec
import pytest

from bot.app.build import open_app
from bot.core.config import Config, ConfigError
from bot.outbox.recordings import spoken
from flows.conversations.besides.spoken import SPOKEN
from flows.wording import catalogue
from flows.wording.text import LANGUAGES, Text, lines, msg
from tests.citizen import Citizen, config_in
from tests.shell import Shell


def with_voices(folder: Path, *files: str) -> Config:
    """Settings with some recordings."""
    voices = folder / "voices"
    voices.mkdir()
    for name in files:
        path = voices / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"OggS" + name.encode())
    config = config_in(folder)
    storage = msgspec.structs.replace(config.storage, voices=str(voices))
    return msgspec.structs.replace(config, storage=storage)


@pytest.mark.parametrize("channel", ["web", "telegram", "whatsapp"])
async def test_what_is_recorded_is_played_beside_its_text(tmp_path: Path, channel: str) -> None:
    files = (
        "ary/welcome.language.ogg",
        "ary/consent.short.ogg",
        "fr/menu.ask.mp3",
        "fr/consent.short.ogg",
    )
    app = await open_app(with_voices(tmp_path, *files))
    citizen = Citizen(app, channel=channel)
    await citizen.does(start="", language_hint="ar")
    await citizen.taps("Français")
    (consent,) = citizen.heard[-1].media
    assert consent.kind == "voice"
    path = app.media.published(consent.path)
    assert path is not None
    assert path.read_bytes() == b"OggSfr/consent.short.ogg"
    assert "Vos réponses vont au conseil" in citizen.heard[-1].text
    await citizen.says("1")
    assert [media.path.split(".fr.")[0] for media in citizen.heard[-1].media] == ["menu.ask"]
    # What is not recorded is read only.
    await citizen.starts("OZT-NEEDS")
    assert citizen.heard[-1].media == ()
    await citizen.says("langue")
    await citizen.taps("الدارجة")
    await app.close()


async def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    config = config_in(tmp_path)
    storage = msgspec.structs.replace(config.storage, voices=str(tmp_path / "nowhere"))
    with pytest.raises(ConfigError, match="nowhere"):
        await open_app(msgspec.structs.replace(config, storage=storage))


def test_the_list_names_every_text_with_its_words_and_what_is_missing(shell: Shell) -> None:
    voices = shell.folder / "recorded"
    (voices / "ary").mkdir(parents=True)
    (voices / "ary" / "menu.ask.ogg").write_bytes(b"OggS")
    (voices / "ary" / "menu.aks.ogg").write_bytes(b"OggS")
    said = shell.says(("voice", "list", "--language", "ary"), "welcome.hello.ogg")
    assert "Set [storage] voices" in said
    shell.environment["TACHAWOR_STORAGE_VOICES"] = str(voices)
    said = shell.says(("voice", "list", "--language", "ary"), "✓ ary/menu.ask.ogg")
    for entry in SPOKEN:
        assert f"ary/{entry}.ogg" in said
    assert catalogue("ary").entries["need.theme"][0] in said
    assert "menu.aks.ogg says no text of ours" in said
    assert f"1 of {len(SPOKEN)} are recorded" in said
    missing = shell.says(("voice", "list", "--language", "ary", "--missing"), "consent.short")
    assert "ary/menu.ask.ogg" not in missing


def test_every_text_that_can_be_recorded_is_one_of_ours() -> None:
    for language in LANGUAGES:
        assert set(SPOKEN) <= set(catalogue(language).entries)
    assert len(set(SPOKEN)) == len(SPOKEN)


def test_three_recordings_come_with_one_message_at_most() -> None:
    """The question is the last of what is said."""
    made = {"fr": {id: f"{id}.ogg" for id in SPOKEN}}
    texts: list[Text] = [msg(id) for id in SPOKEN[:4]]
    assert spoken(texts, "fr", made) == [f"{id}.ogg" for id in SPOKEN[1:4]]
    assert spoken([lines(*texts[:2])], "fr", made) == [f"{id}.ogg" for id in SPOKEN[:2]]
    assert spoken(texts, "ary", made) == []
