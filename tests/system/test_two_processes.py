"""Two processes on one PostgreSQL: a chat is handled by one at a time, whichever its messages reach."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.app.build import App
from storage.rows.consultations import ConsultationByCode
from tests.bot.conversation.test_joining import joined
from tests.checks import AllResponses
from tests.citizen import Citizen, running

CHATS = 20


@pytest.fixture
async def two(tmp_path: Path, fresh_postgresql: str) -> AsyncIterator[tuple[App, App]]:
    """Two applications on one database."""
    async with (
        running(tmp_path, fresh_postgresql) as one,
        running(tmp_path, fresh_postgresql) as other,
    ):
        yield one, other


async def test_first_messages_at_two_processes_at_once_are_one_person(two: tuple[App, App]) -> None:
    """A chat that writes twice before it is known is somebody once."""
    one, other = two
    for number in range(CHATS):
        citizen = Citizen(one, f"citizen {number}")
        first, second = citizen.arrival(text="salam"), citizen.arrival(text="azul")
        await asyncio.gather(
            one.conversations.receive([first]), other.conversations.receive([second])
        )
    async with one.storage.reading() as tx:
        assert len(await tx.rows("people_known")) == CHATS


async def test_two_answers_of_a_chat_at_two_processes_at_once_are_both_kept(
    two: tuple[App, App],
) -> None:
    """Whoever comes second answers the question that is asked by then."""
    one, other = two
    citizens = [Citizen(one, f"citizen {number}") for number in range(CHATS)]
    for citizen in citizens:
        await citizen.arrives(code="OZT-LIGHT")
    for citizen in citizens:
        # It fits both questions: how is the light, how safe (one to five).
        first, second = citizen.arrival(text="1"), citizen.arrival(text="1")
        await asyncio.gather(
            one.conversations.receive([first]), other.conversations.receive([second])
        )
        assert "Do you have a proposal" in await citizen.hears()
        await citizen.says("skip")
        assert "Reference" in await citizen.says("[Send]")
    async with one.storage.reading() as tx:
        poll = await tx.row(ConsultationByCode, code="OZT-LIGHT")
        assert poll is not None
        found = await tx.rows(AllResponses, consultation_id=poll.id)
    assert len(found) == CHATS


async def test_somebody_who_writes_in_two_chats_at_once_is_one_person(two: tuple[App, App]) -> None:
    """The answer of one chat is not overwritten from the other."""
    one, other = two
    for number in range(5):
        citizen = Citizen(one, f"citizen {number}")
        elsewhere = Citizen(one, f"citizen {number}", "telegram")
        await citizen.arrives(code="OZT-LIGHT")
        await elsewhere.arrives()
        await joined(citizen, elsewhere)
        await citizen.starts("OZT-LIGHT")
        first, second = citizen.arrival(text="1"), elsewhere.arrival(text="1")
        await asyncio.gather(
            one.conversations.receive([first]), other.conversations.receive([second])
        )
        said = await citizen.hears() + await elsewhere.hears()
        assert "Do you have a proposal" in said
