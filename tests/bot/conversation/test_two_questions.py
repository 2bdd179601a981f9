"""The council writes while something private is asked: nobody's card number goes to the council by mistake."""

import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine

from bot.app.build import App
from bot.core.localtime import now_ms
from tests.bot.cases.test_handling import answers, tells
from tests.bot.cases.test_handling import clock as clock
from tests.bot.outreach.test_broadcasts import pushed
from tests.citizen import Citizen, config_in, running

CARD = "KB204971"


@pytest.fixture
async def app(tmp_path: Path, clock: Iterator[time_machine.Traveller]) -> AsyncIterator[App]:
    async with running(tmp_path) as opened:
        yield opened


async def written_to_while_signing(
    app: App, clock: time_machine.Traveller, *before: str
) -> Citizen:
    """Somebody who has begun to sign, was silent for a while and then read what a clerk asks."""
    amina, reference = await tells(app, "amina", "No water since Monday")
    clock.shift(timedelta(minutes=20))
    amina.at = now_ms()
    for said in ("OZT-PARK", "[I support it]", "[Sign officially]", *before):
        await amina.says(said)
    clock.shift(timedelta(minutes=20))
    amina.at = now_ms()
    await answers(app, reference, text="Which street?")
    await pushed(app)
    assert "Which street?" in await amina.hears()
    return amina


async def test_a_card_number_after_a_clerks_question_is_no_answer_to_the_clerk(
    app: App, clock: time_machine.Traveller, tmp_path: Path
) -> None:
    """It is said that there were two questions, and the private one is asked again first."""
    amina = await written_to_while_signing(app, clock, "Amina El Idrissi")
    heard = await amina.says(CARD)
    assert "two questions" in heard
    assert "number of the national card" in heard
    assert CARD not in heard
    with closing(
        sqlite3.connect(config_in(tmp_path).storage.url.removeprefix("sqlite:///"))
    ) as base:
        assert CARD not in "\n".join(base.iterdump())
    assert "address" in await amina.says(CARD)


@pytest.mark.parametrize("first", ["Rue Atlas", "At number 4, near the school"])
async def test_a_card_number_is_private_later_too(
    app: App, clock: time_machine.Traveller, tmp_path: Path, first: str
) -> None:
    """Also while the answer to the council is looked over."""
    amina = await written_to_while_signing(app, clock, "Amina El Idrissi")
    assert first in await amina.says(first)
    heard = await amina.says(CARD)
    assert "two questions" in heard
    assert "number of the national card" in heard
    with closing(
        sqlite3.connect(config_in(tmp_path).storage.url.removeprefix("sqlite:///"))
    ) as base:
        assert CARD not in "\n".join(base.iterdump())


async def test_other_words_later_are_what_they_are(app: App, clock: time_machine.Traveller) -> None:
    """Two words are no name of somebody who has begun something else."""
    amina = await written_to_while_signing(app, clock)
    await amina.says("It is at number 4 of the street, near the school")
    heard = await amina.says("Rue Atlas")
    assert "two questions" not in heard


async def test_after_the_private_step_the_clerks_question_is_there_again(
    app: App, clock: time_machine.Traveller
) -> None:
    amina = await written_to_while_signing(app, clock, "Amina El Idrissi")
    for said in (CARD, CARD, "Agdz", "yes"):
        await amina.says(said)
    assert "Which street?" in await amina.says("no")
    assert "Rue Atlas" in await amina.says("Rue Atlas")


@pytest.mark.parametrize("name", ["Amina El Idrissi", "أمينة الإدريسي"])
async def test_a_name_after_a_clerks_question_is_none_either(
    app: App, clock: time_machine.Traveller, name: str
) -> None:
    amina = await written_to_while_signing(app, clock)
    heard = await amina.says(name)
    assert "two questions" in heard
    assert "name" in heard.lower()
    assert name not in heard


@pytest.mark.parametrize("said", ["It is the street of the mosque", "Rue Atlas, number 4"])
async def test_what_is_no_card_number_answers_the_clerk(
    app: App, clock: time_machine.Traveller, said: str
) -> None:
    amina = await written_to_while_signing(app, clock, "Amina El Idrissi")
    heard = await amina.says(said)
    assert said in heard
    assert "two questions" not in heard


@pytest.mark.parametrize("said", ["[All right]", "All right", "1", "thanks"])
async def test_a_word_of_a_button_answers_the_clerk_even_where_a_name_is_asked(
    app: App, clock: time_machine.Traveller, said: str
) -> None:
    amina = await written_to_while_signing(app, clock)
    assert "two questions" not in await amina.says(said)


async def test_words_that_work_still_work_between_two_questions(
    app: App, clock: time_machine.Traveller
) -> None:
    amina = await written_to_while_signing(app, clock)
    assert "What would you like to do" in await amina.says("menu")


async def test_in_an_open_question_words_go_to_who_asked_last(
    app: App, clock: time_machine.Traveller
) -> None:
    """Nothing private waits, so nothing is asked twice."""
    amina, reference = await tells(app, "amina", "No water since Monday")
    clock.shift(timedelta(minutes=20))
    amina.at = now_ms()
    for said in ("OZT-NEEDS", "1", "skip"):
        await amina.says(said)
    clock.shift(timedelta(minutes=20))
    amina.at = now_ms()
    await answers(app, reference, text="Which street?")
    await pushed(app)
    assert "Rue Atlas" in await amina.says("Rue Atlas is the one")
