"""Nobody is written to against their will: how a stop is said, what it covers, and how it ends."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine

from bot.app.build import App
from bot.core.localtime import now_ms
from storage.rows.consultations import ConsultationByCode
from storage.rows.people import Person, PersonOfAddress
from tests.bot.kinds.need.test_need import file_need
from tests.bot.outreach.test_audiences import reached
from tests.checks import AllConsents, AllResponses
from tests.citizen import NOON, Citizen, running

STOPPED = "We no longer write to you"
IN_DOUBT = "Do you want no more messages"


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(datetime.fromtimestamp(NOON / 1000, UTC), tick=False) as traveller:
        yield traveller


@pytest.fixture
async def app(tmp_path: Path, url: str, clock: time_machine.Traveller) -> AsyncIterator[App]:
    async with running(tmp_path, url) as opened:
        yield opened


async def someone(app: App, code: str = "", name: str = "amina") -> Citizen:
    """Somebody who has agreed, perhaps in the middle of a consultation."""
    citizen = Citizen(app, name, at=now_ms())
    await citizen.arrives(code=code)
    return citizen


async def person(app: App, citizen: Citizen) -> Person:
    """What the database has of them."""
    async with app.storage.reading() as tx:
        found = await tx.row(
            PersonOfAddress,
            channel=citizen.channel,
            account=citizen.channel,
            address=citizen.kept,
        )
        assert found is not None
        row = await tx.row(Person, person_id=found.person_id)
    assert row is not None
    return row


async def told(app: App, code: str = "OZT-NEEDS") -> int:
    """How many have answered."""
    async with app.storage.reading() as tx:
        row = await tx.row(ConsultationByCode, code=code)
        assert row is not None
        return len(await tx.rows(AllResponses, consultation_id=row.id))


@pytest.mark.parametrize(
    "sentence",
    [
        "je ne veux plus recevoir de messages",
        "Ne m’envoyez plus rien",
        "حبسو الميساجات",
        "matb9awch tsifto lia",
        "لا ترسلوا لي رسائل",
        "remove my number",
        "ⵓⵔ ⵙⵓⵍ ⵔⵉⵖ ⵜⵓⵣⵉⵏⵉⵏ",
        "laissez-moi tranquille",
    ],
)
@pytest.mark.parametrize("at", ["", "OZT-NEEDS", "OZT-LIGHT"])
async def test_a_sentence_that_asks_for_no_more_messages_is_obeyed_at_once(
    app: App, sentence: str, at: str
) -> None:
    citizen = await someone(app, at)
    assert STOPPED in await citizen.says(sentence)
    assert (await person(app, citizen)).stopped_at is not None
    assert await reached(app) == 0


async def test_at_an_open_question_it_does_not_become_a_need(app: App) -> None:
    citizen = await someone(app, "OZT-NEEDS")
    await citizen.verify([("water", "Where"), ("Tabounte", "in your own words")])
    assert STOPPED in await citizen.says("arrêtez de m'envoyer des messages")
    assert await told(app) == 0


async def test_a_second_such_sentence_does_not_take_the_first_back(app: App) -> None:
    citizen = await someone(app)
    await citizen.says("stop")
    for sentence in ("je ne veux plus recevoir de messages", "ما تبقاوش تصيفطو ليا", "stop"):
        assert "Messages stay stopped" in await citizen.says(sentence)
        assert (await person(app, citizen)).stopped_at is not None


@pytest.mark.parametrize(
    "said", ["merci", "[Message settings]", "menu", "how is the road?", "help"]
)
async def test_what_is_written_later_gets_an_answer_and_ends_no_stop(app: App, said: str) -> None:
    citizen = await someone(app)
    await citizen.says("stop")
    if said.startswith("["):
        await citizen.says("menu")
        await citizen.says("more")
    assert await citizen.says(said) != ""
    assert (await person(app, citizen)).stopped_at is not None
    assert await reached(app) == 0


@pytest.mark.parametrize("said", ["start", "commencer", "نبداو", "ⴱⴷⵓ", "/start"])
async def test_the_persons_own_word_ends_it_and_is_confirmed(app: App, said: str) -> None:
    citizen = await someone(app)
    await citizen.says("stop")
    assert "messages are on again" in await citizen.says(said)
    assert (await person(app, citizen)).stopped_at is None
    assert await reached(app) == 1


async def test_the_link_of_a_consultation_ends_no_stop_and_says_how_it_stands(app: App) -> None:
    citizen = await someone(app)
    await citizen.says("stop")
    said = await citizen.starts("OZT-LIGHT")
    assert "Messages stay stopped" in said
    assert "How is the lighting" in said
    assert (await person(app, citizen)).stopped_at is not None


@pytest.mark.parametrize(("word", "on"), [("[Yes, you may]", True), ("[No messages]", False)])
async def test_who_takes_part_again_is_asked_and_only_a_yes_ends_the_stop(
    app: App, word: str, on: bool
) -> None:
    citizen = await someone(app)
    await citizen.says("stop")
    await citizen.starts("OZT-LIGHT")
    await citizen.verify([("1", ""), ("5", ""), ("skip", ""), ("[Send]", "counted")])
    assert "May" in citizen.heard[-1].text
    assert "You had stopped our messages" in citizen.heard[-1].text
    await citizen.says(word)
    assert ((await person(app, citizen)).stopped_at is None) is on
    assert await reached(app, what="notice") == int(on)


@pytest.mark.parametrize(
    ("where", "word"),
    [
        ("place", "Stop"),
        ("place", "Arrêt"),
        ("place", "خروج"),
        ("place", "Quitter"),
        ("words", "Baraka"),
        ("words", "بركة"),
        ("words", "حبس"),
    ],
)
async def test_a_stop_word_that_is_an_ordinary_word_is_asked_back_and_may_be_the_answer(
    app: App, where: str, word: str
) -> None:
    citizen = await someone(app, "OZT-NEEDS")
    await citizen.says("water")
    if where == "words":
        await citizen.says("Tabounte")
    assert IN_DOUBT in await citizen.says(word)
    assert await reached(app) == 0, "nothing is sent until they have said what they meant"
    said = await citizen.says("[my answer]")
    assert ("in your own words" if where == "place" else word) in said
    assert (await person(app, citizen)).stopped_at is None
    assert await reached(app) == 1


async def test_a_stop_word_that_was_asked_back_and_meant_is_obeyed(app: App) -> None:
    citizen = await someone(app, "OZT-NEEDS")
    await citizen.verify([("water", "Where"), ("Arrêt", IN_DOUBT), ("[Yes, stop", STOPPED)])
    assert (await person(app, citizen)).stopped_at is not None
    assert "nothing" in (await citizen.says("back")).lower()


@pytest.mark.parametrize("word", ["Accueil", "home", "Lor", "Retour", "السابق", "Help"])
async def test_another_word_that_works_may_be_the_name_of_a_place(app: App, word: str) -> None:
    citizen = await someone(app, "OZT-NEEDS")
    await citizen.verify(
        [
            ("water", "Where"),
            (word, "what do you mean?"),
            ("[my answer]", "in your own words"),
            ("The road is broken", word),
        ]
    )


async def test_or_it_is_obeyed_where_it_was_written(app: App) -> None:
    citizen = await someone(app, "OZT-NEEDS")
    await citizen.verify(
        [
            ("water", "Where"),
            ("Retour", "what do you mean?"),
            ("[Previous question]", "What is it about"),
            ("water", "Where"),
            ("Accueil", "what do you mean?"),
            ("[The menu]", "What would you like to do"),
        ]
    )


async def test_with_a_courtesy_or_a_slash_it_is_no_place(app: App) -> None:
    citizen = await someone(app, "OZT-NEEDS")
    await citizen.says("water")
    assert STOPPED in await citizen.says("stop svp")
    citizen = await someone(app, "OZT-NEEDS", "brahim")
    await citizen.says("water")
    assert STOPPED in await citizen.says("/stop")


async def test_a_long_message_with_such_a_wish_in_it_is_asked_back_and_kept(app: App) -> None:
    citizen = await someone(app, "OZT-NEEDS")
    await citizen.verify([("water", "Where"), ("Tabounte", "in your own words")])
    words = (
        "L'eau est coupée depuis lundi dans tout le douar, ne m'envoyez plus de messages si"
        " vous ne faites rien pour nous"
    )
    assert IN_DOUBT in await citizen.says(words)
    assert "ne faites rien pour nous" in await citizen.says("[my answer]")


async def test_who_waits_for_an_answer_is_asked_once_whether_it_may_come(app: App) -> None:
    citizen = await someone(app)
    await file_need(citizen, "No water since Monday")
    said = await citizen.says("stop")
    assert "waits for the council’s answer" in said
    assert (await person(app, citizen)).stopped_at is not None, "obeyed before the question"
    assert (await person(app, citizen)).keeps_answers == 0
    assert "only that answer will come" in await citizen.says("[Yes, only that]")
    assert (await person(app, citizen)).keeps_answers == 1
    await citizen.says("start")
    assert (await person(app, citizen)).keeps_answers == 0


async def test_who_agreed_before_messages_were_asked_about_gets_none_until_asked(app: App) -> None:
    citizen = await someone(app)
    async with app.storage.transaction() as tx:
        await tx.run("drop_consents", purpose="messages")
    assert await reached(app) == 0
    await citizen.starts("OZT-LIGHT")
    await citizen.verify([("1", ""), ("5", ""), ("skip", ""), ("[Send]", "May ")])
    assert await reached(app, what="notice") == 0
    await citizen.says("[Yes, you may]")
    assert await reached(app, what="notice") == 1
    async with app.storage.reading() as tx:
        shown = {(c.purpose, c.shown) for c in await tx.rows(AllConsents)}
    assert ("messages", "messages.ask") in shown


async def test_who_said_no_is_not_asked_again(app: App) -> None:
    citizen = await someone(app)
    async with app.storage.transaction() as tx:
        await tx.run("drop_consents", purpose="messages")
    await citizen.starts("OZT-LIGHT")
    await citizen.verify([("1", ""), ("5", ""), ("skip", ""), ("[Send]", "May ")])
    assert "we will not write first" in await citizen.says("[No messages]")
    await file_need(citizen, "No water since Monday")
    assert all("May " not in message.text for message in citizen.heard[-2:])
    assert await reached(app, what="notice") == 0


async def test_the_consent_says_that_the_council_may_write_and_how_to_stop_it(app: App) -> None:
    citizen = Citizen(app, "amina", at=now_ms())
    await citizen.starts("")
    said = await citizen.taps("English")
    assert "may write to you again: “stop” ends that" in said
    await citizen.taps("I agree")
    async with app.storage.reading() as tx:
        given = {(c.purpose, c.given, c.version) for c in await tx.rows(AllConsents)}
    assert given == {("consultation", 1, "2026-12.2"), ("messages", 1, "2026-12.2")}


async def test_start_typed_as_the_name_of_a_place_ends_no_stop(app: App) -> None:
    citizen = await someone(app)
    await citizen.says("stop")
    await citizen.starts("OZT-NEEDS")
    await citizen.verify([("water", "Where"), ("Début", "what do you mean?")])
    await citizen.verify([("[my answer]", "own words")])
    assert (await person(app, citizen)).stopped_at is not None


@pytest.mark.parametrize(
    "meanwhile",
    [("menu",), ("there is a fire", "[No]"), ("/OZT-LIGHT", "1", "5", "skip", "[Send]")],
)
async def test_a_doubt_that_something_came_between_is_asked_again_and_decides_nothing_before(
    app: App, meanwhile: tuple[str, ...]
) -> None:
    citizen = await someone(app, "OZT-NEEDS")
    await citizen.verify([("water", "Where"), ("Arrêt", IN_DOUBT)])
    for said in meanwhile:
        heard = await (citizen.starts(said[1:]) if said.startswith("/") else citizen.says(said))
        assert "stay stopped" not in heard, "they have not asked for it"
        assert "You had stopped" not in heard
    if meanwhile == ("menu",):
        await citizen.says("cancel")
        heard = await citizen.says("resume")
    assert IN_DOUBT in heard
    assert "in your own words" in await citizen.says("[my answer]")
    assert (await person(app, citizen)).stopped_at is None


async def test_what_was_in_doubt_answers_no_question_but_its_own(app: App) -> None:
    citizen = await someone(app, "OZT-NEEDS")
    await citizen.verify([("water", "Where"), ("Arrêt", IN_DOUBT)])
    # An old button goes on with the question that the word stood at.
    await citizen.taps("Skip", back=2)
    await citizen.verify([("No water since Monday", "before it is sent"), ("[Send]", IN_DOUBT)])
    await citizen.says("[my answer]")
    assert (await person(app, citizen)).stopped_at is None
    assert await told(app) == 1


async def test_a_second_stop_at_the_question_about_the_awaited_answer_means_nothing_at_all(
    app: App,
) -> None:
    citizen = await someone(app)
    await file_need(citizen, "No water since Monday")
    await citizen.verify(
        [("stop", "waits for the council’s answer"), ("don't send me any messages", STOPPED)]
    )
    assert (await person(app, citizen)).keeps_answers == 0
    assert "Messages stay stopped" in await citizen.says("stop")


@pytest.mark.parametrize("word", ["yes it's my answer", "Yes, that is my answer"])
async def test_a_yes_that_goes_on_with_my_answer_stops_nothing(app: App, word: str) -> None:
    citizen = await someone(app, "OZT-NEEDS")
    await citizen.verify([("water", "Where"), ("Arrêt", IN_DOUBT)])
    assert STOPPED not in await citizen.says(word)
    await citizen.says("[my answer]")
    assert (await person(app, citizen)).stopped_at is None


async def test_who_leaves_the_question_about_a_doubt_is_asked_it_again_before_they_go_on(
    app: App,
) -> None:
    citizen = await someone(app, "OZT-NEEDS")
    await citizen.verify(
        [
            ("water", "Where"),
            ("Arrêt", IN_DOUBT),
            ("cancel", "Left"),
            ("resume", IN_DOUBT),
            ("[my answer]", "in your own words"),
        ]
    )
    assert (await person(app, citizen)).stopped_at is None


async def test_start_settles_a_doubt(app: App) -> None:
    citizen = await someone(app, "OZT-NEEDS")
    await citizen.verify([("water", "Where"), ("Arrêt", IN_DOUBT), ("start", "on again")])
    await citizen.starts("OZT-LIGHT")
    await citizen.verify([("1", ""), ("5", ""), ("skip", "")])
    assert IN_DOUBT not in await citizen.says("[Send]")
    assert (await person(app, citizen)).stopped_at is None


@pytest.mark.parametrize(
    ("more", "place"), [("Accueil district, near the post office", True), ("no", False)]
)
async def test_more_words_at_the_question_what_was_meant_are_the_answer_and_not_lost(
    app: App, more: str, place: bool
) -> None:
    citizen = await someone(app, "OZT-NEEDS")
    await citizen.verify([("water", "Where"), ("Accueil", "what do you mean?")])
    said = await citizen.says(more)
    assert ("in your own words" in said) is place
    if place:
        assert more in await citizen.says("No water since Monday")
    else:
        assert "what do you mean?" in said


@pytest.mark.parametrize(
    "said", ["لا ترسل", "ما تصيفطوهش", "I don't want to send", "n'envoyez pas", "ne pas envoyer"]
)
async def test_do_not_send_at_the_last_look_drops_it_and_stops_no_messages(
    app: App, said: str
) -> None:
    citizen = await someone(app, "OZT-NEEDS")
    for answer in ("water", "Tarmigt", "The tap is dry"):
        await citizen.says(answer)
    assert "Not sent" in await citizen.says(said)
    assert (await person(app, citizen)).stopped_at is None


async def test_who_stops_in_the_middle_of_a_need_is_told_that_it_is_not_sent(app: App) -> None:
    citizen = await someone(app, "OZT-NEEDS")
    for answer in ("water", "Tarmigt"):
        await citizen.says(answer)
    said = await citizen.says("please stop texting me")
    assert "is not sent" in said
    assert "no longer write" in said
    assert "own words" in await citizen.says("resume")


async def test_who_had_begun_nothing_hears_of_nothing_unsent(app: App) -> None:
    citizen = await someone(app, "OZT-NEEDS")
    assert "not sent" not in await citizen.says("stop")


async def test_what_is_written_before_a_doubt_is_settled_is_the_answer_and_the_doubt_stays(
    app: App,
) -> None:
    """Nothing is lost, and nothing is sent before they have said."""
    citizen = await someone(app, "OZT-NEEDS")
    await citizen.verify(
        [
            ("water", "Where"),
            ("Arrêt", IN_DOUBT),
            ("Tabounte", "in your own words"),
            ("No water since Monday", "before it is sent"),
        ]
    )
    assert await reached(app) == 0
    assert "Tabounte" in citizen.heard[-1].text
    assert IN_DOUBT in await citizen.says("[Send]")
    assert await told(app) == 1
    await citizen.says("[my answer]")
    assert (await person(app, citizen)).stopped_at is None


@pytest.mark.parametrize("said", ["what?", "quoi ?", "yes", "[Yes, stop"])
async def test_a_word_about_the_doubt_itself_answers_nothing_else(app: App, said: str) -> None:
    citizen = await someone(app, "OZT-NEEDS")
    await citizen.verify([("water", "Where"), ("Arrêt", IN_DOUBT)])
    assert "in your own words" not in await citizen.says(said)
    assert (await person(app, citizen)).stopped_at is not None


async def test_a_doubt_at_no_question_waits_for_its_answer(app: App) -> None:
    citizen = await someone(app)
    await citizen.says("cancel")
    await citizen.verify([("trop de messages", IN_DOUBT), ("the road is broken", IN_DOUBT)])


@pytest.mark.parametrize(
    "said",
    [
        "subscribe",
        "رجعوني",
        "je veux recevoir à nouveau",
        "rje3ni",
        "réabonnez-moi",
        "i want to receive messages again",
        "بغيت نرجع نتوصل بالميساجات",
        "أريد العودة لاستقبال الرسائل",
        "turn the notifications back on",
        "ⵔⵉⵖ ⴰⴷ ⵉⵢⵉ ⵜⴰⵣⵏⵎ ⵜⵓⵣⵉⵏⵉⵏ",
    ],
)
async def test_who_asks_for_messages_again_in_their_own_words_gets_them(
    app: App, said: str
) -> None:
    citizen = await someone(app)
    await citizen.says("stop")
    assert "messages are on again" in await citizen.says(said)
    assert (await person(app, citizen)).stopped_at is None


@pytest.mark.parametrize(
    "said",
    [
        "je ne veux pas recevoir de messages",
        "I don't want to come back",
        "لا أريد العودة",
        "retour",
        "je veux recevoir l'eau à nouveau",
    ],
)
async def test_nothing_else_takes_a_stop_back(app: App, said: str) -> None:
    citizen = await someone(app)
    await citizen.says("stop")
    await citizen.says(said)
    assert (await person(app, citizen)).stopped_at is not None


async def test_such_a_wish_at_a_question_for_own_words_is_asked_back(app: App) -> None:
    citizen = await someone(app)
    await citizen.says("stop")
    await citizen.starts("OZT-NEEDS")
    await citizen.verify([("water", "Where"), ("subscribe", "what do you mean?")])
    assert (await person(app, citizen)).stopped_at is not None


async def test_where_there_is_one_council_no_other_is_spoken_of(app: App) -> None:
    citizen = await someone(app)
    said = await citizen.says("no more messages from this council")
    assert STOPPED in said
    assert "any council" not in said
    other = await someone(app, name="brahim")
    await file_need(other, "No water since Monday")
    said = await other.says("stop")
    assert "have stopped" in said
    assert "every council" not in said


@pytest.mark.parametrize(
    "said", ["trop de messages", "moins de messages", "too many messages", "بزاف ديال الميساجات"]
)
async def test_fewer_messages_are_a_choice_in_the_settings_and_no_stop(app: App, said: str) -> None:
    citizen = await someone(app)
    await citizen.says("settings")
    assert "How many" in await citizen.says(said)
    assert (await person(app, citizen)).stopped_at is None
    assert "How many" in await citizen.says(said), "asked again, and still no stop"
    assert (await person(app, citizen)).stopped_at is None


async def test_none_at_all_is_a_stop_in_the_settings_too(app: App) -> None:
    citizen = await someone(app)
    await citizen.says("settings")
    assert STOPPED in await citizen.says("je ne veux plus recevoir de messages")
