"""Settings: read from file and variables, refused by name with what is allowed."""

import tomllib
from pathlib import Path

import msgspec
import pytest

from bot.core.config import Config, ConfigError, load, load_councils

ROOT = Path(__file__).parents[3]
EXAMPLE = ROOT / "config.example.toml"
COUNCIL = ROOT / "bot" / "example" / "council.toml"


def written(folder: Path, text: str) -> Path:
    path = folder / "config.toml"
    path.write_text(text)
    return path


def test_the_documented_example_is_exactly_the_defaults() -> None:
    assert load(EXAMPLE, {}) == Config()


def test_every_setting_is_documented_and_nothing_else_is() -> None:
    documented = {s: set(keys) for s, keys in tomllib.loads(EXAMPLE.read_text()).items()}
    known = {
        section.name: {key.encode_name for key in msgspec.structs.fields(section.type)}
        for section in msgspec.structs.fields(Config)
    }
    assert documented == known


def test_a_variable_wins_over_the_file(tmp_path: Path) -> None:
    path = written(tmp_path, "[web]\nport = 8000")
    assert load(path, {"TACHAWOR_WEB_PORT": "9000"}).web.port == 9000


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[web]\nprot = 8000", "[web] prot is not a setting; allowed are: host, port, public_url"),
        ("[wbe]\nport = 8000", "[wbe] is not a section; allowed are: web, storage"),
        ("[web]\nport = 'many'", "[web] port is 'many'"),
        ("[web]\nport = 99999", "[web] port is 99999; it must be from 0 to 65535"),
        ("[web]\nport = 65536", "[web] port is 65536; it must be from 0 to 65535"),
        (
            "[whatsapp]\nchat_per_second = 1000.5",
            "[whatsapp] chat_per_second is 1000.5; it must be",
        ),
        ("[telegram]\nchat_per_second = 0", "[telegram] chat_per_second is 0"),
        ("[telegram]\nmode = 'push'", "[telegram] mode is 'push'"),
        ("[telegram]\nmode = 'push'", "allowed are: polling, webhook"),
        ("[storage]\nurl = 'mysql://h/n'", "it must be sqlite:///PATH or postgresql://HOST/NAME"),
        ("[web]\npublic_url = 'example.ma'", "it must be like https://"),
        ("[telegram]\ntoken='1:x'\nmode='webhook'", "needs an https:// [web] public_url"),
        ("[whatsapp]\naccount_sid='AC1'", "[whatsapp] auth_token is empty"),
        ("[web\nport = 1", "is not TOML"),
    ],
)
def test_a_wrong_setting_is_named_with_its_value_and_what_is_allowed(
    tmp_path: Path, text: str, said: str
) -> None:
    with pytest.raises(ConfigError) as refused:
        load(written(tmp_path, text), {})
    assert said in str(refused.value)


def test_a_chat_is_written_to_a_thousand_times_a_second_at_most(tmp_path: Path) -> None:
    text = "[telegram]\nchat_per_second = 1000\n[web]\nport = 65535"
    config = load(written(tmp_path, text), {})
    assert (config.telegram.chat_per_second, config.web.port) == (1000, 65535)


def test_an_unknown_variable_is_refused_with_what_is_allowed() -> None:
    with pytest.raises(ConfigError, match="TACHAWOR_WEB_PROT names no setting; allowed are: TACH"):
        load(None, {"TACHAWOR_WEB_PROT": "1"})


def test_a_secret_is_never_shown_in_an_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as refused:
        load(written(tmp_path, "[telegram]\ntoken = ['123:very-secret']"), {})
    assert "very-secret" not in str(refused.value)
    with pytest.raises(ConfigError) as refused:
        load(written(tmp_path, "[storage]\nurl = 'oracle://user:very-secret@h/n'"), {})
    assert "very-secret" not in str(refused.value)


def test_a_file_that_is_not_there_is_named_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"copy config\.example\.toml"):
        load(tmp_path / "nowhere.toml", {})


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (('prefix = "OZT"', 'prefix = "ozt-1"'), "prefix is 'ozt-1'"),
        (('place = "08.401.01.07"', 'place = "99"'), "place: no place has the HCP code '99'"),
        (('language = "ary"', 'language = "es"'), "language is 'es'; allowed are: ary"),
        (('code = "example"', 'cod = "example"'), "cod"),
    ],
)
def test_a_wrong_council_file_is_named_with_the_key(
    tmp_path: Path, change: tuple[str, str], said: str
) -> None:
    text = COUNCIL.read_text("utf-8")
    assert change[0] in text
    (tmp_path / "council.toml").write_text(text.replace(*change), "utf-8")
    with pytest.raises(ConfigError) as refused:
        load_councils(tmp_path)
    assert said in str(refused.value)
    assert "council.toml" in str(refused.value)


def test_a_folder_without_councils_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="there is no council file"):
        load_councils(tmp_path)


@pytest.mark.parametrize(
    ("secret", "good"),
    [
        ("abcdefgh12345678", True),
        ("abcdefgh1234567", False),
        ("abcdefghabcdefgh", True),
        ("abcdefgabcdefgab", False),
    ],
)
def test_a_secret_has_sixteen_characters_and_eight_different_ones(secret: str, good: bool) -> None:
    """And the error does not repeat it."""
    variables = {"TACHAWOR_STORAGE_SECRET": secret}
    if good:
        assert load(None, variables).storage.secret == secret
        return
    with pytest.raises(ConfigError) as refused:
        load(None, variables)
    assert "too weak" in str(refused.value)
    assert secret not in str(refused.value)
