"""Whom a command is about: the options that describe an audience, and numbers of days and rows."""

import argparse

from bot.core.console import Refusal
from flows.dialog.outreach import Audience, audience_problems


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options that describe who is written to."""
    for name, words in (
        ("places", "census codes, with all below them"),
        ("languages", "ary, ar, fr, zgh, en"),
        ("channels", "telegram, whatsapp, web"),
        ("age-bands", "such as 18-24,25-34"),
        ("genders", "woman, man"),
        ("themes", "followers of these"),
        ("lists", "members of these lists"),
    ):
        parser.add_argument(f"--{name}", default="", metavar="A,B", help=words)
    parser.add_argument("--disability", action="store_true", help="people with a disability")
    parser.add_argument("--answered", default="", metavar="CODE", help="who answered this one")
    parser.add_argument("--not-answered", default="", metavar="CODE", help="who did not")
    parser.add_argument(
        "--follows", default="", metavar="CODE", help="who answered it or added a voice there"
    )


def audience_of(arguments: argparse.Namespace, themes: list[str]) -> Audience:
    """The audience that the options name. Raises Refusal."""
    audience = Audience(
        places=parts(arguments.places),
        languages=parts(arguments.languages),
        channels=parts(arguments.channels),
        age_bands=parts(arguments.age_bands),
        genders=parts(arguments.genders),
        themes=parts(arguments.themes),
        lists=parts(arguments.lists),
        disability=arguments.disability,
        answered=arguments.answered,
        not_answered=arguments.not_answered,
        follows=arguments.follows,
    )
    problems = [
        f"--{key.removeprefix('audience.').replace('_', '-')} {text}"
        for key, text in audience_problems("audience", audience, themes)
    ]
    if problems:
        raise Refusal("\n".join(problems))
    return audience


def days(text: str) -> int:
    """A number of days. Raises ValueError beyond a year."""
    number = int(text)
    if not 0 <= number <= 366:
        raise ValueError(text)
    return number


def row_id(text: str) -> int:
    """An id as the lists print it. Raises ValueError for what none can be."""
    id = int(text)
    if not 0 <= id < 2**63:
        raise ValueError(text)
    return id


def parts(text: str) -> tuple[str, ...]:
    """What stands between commas."""
    return tuple(part.strip() for part in text.split(",") if part.strip())
