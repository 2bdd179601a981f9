"""Petitions: support by tap (a pledge), and the official signature for who wants to complete it.

A tap is a *pledge of support*, kept apart from a *signature* (name, CIN, address), which the
official list needs. How many the law asks for comes from `flows.morocco.petition_law`.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Any

from flows.dialog.answers import Address, FullName, NationalId
from flows.dialog.choices import Choice
from flows.dialog.communes import place_name
from flows.dialog.definition import Head, Problem, introduce, text_problems
from flows.dialog.dialog import Flow, Option, ask, look_up, say
from flows.dialog.effects import Begin, Effect, Respond, Withdraw
from flows.dialog.facts import Council, Facts, Texts
from flows.dialog.hints import shown
from flows.dialog.review import Review, review_lines
from flows.kinds import definition_of
from flows.kinds.kind import Kind, Publicity, headlined
from flows.morocco import petition_law, places
from flows.statistics.asked import Asked, Given, OwnWords
from flows.statistics.disclosure import hidden_if_few, is_small, kept_back
from flows.statistics.participation import participation
from flows.statistics.summary import (
    SMALLEST,
    SUPPRESSED,
    Cell,
    Column,
    Figure,
    Response,
    Responses,
    Summary,
    Table,
)
from flows.understanding.identity import mask
from flows.wording.text import (
    DARIJA_IN_LATIN,
    LANGUAGES,
    Code,
    Lines,
    Message,
    Text,
    Translated,
    Verbatim,
    lines,
    msg,
)


class Petition(Head, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A petition as its representative brings it.

    `demand` says in one or two sentences what is asked, `text` is the whole of it. `place` is the
    census code of the council addressed (default: the council that publishes it).
    """

    demand: Annotated[Texts, shown(lines=3)]
    text: Annotated[Texts, shown(lines=6)]
    representative: str
    place: Annotated[str, shown("place", part="more")] = ""


@dataclass(frozen=True, slots=True)
class Sign(Effect):
    """Complete the official signature of a petition."""

    name: str
    cin: str
    address: str
    commune: str | None
    thanks: Message
    #: Said instead to whom nobody has confirmed: it does not count for the law's number yet.
    unconfirmed: Message


@dataclass(frozen=True, slots=True)
class ReportCard(Effect):
    """Tell staff that somebody may have signed with one's card."""

    cin: str
    thanks: Message


@dataclass(frozen=True, slots=True)
class Signatures:
    """How many signatures count for a petition, and how many in each commune that is known."""

    count: int = 0
    places: Mapping[str, int] = field(default_factory=dict)


def signatures_in(responses: Responses) -> Signatures:
    """The signatures that were read beside the pledges."""
    found: Signatures = responses.besides or Signatures()
    return found


def problems(petition: Petition, council: Council) -> Iterator[Problem]:
    """What is wrong with a petition beyond its types."""
    yield from text_problems("demand", petition.demand, longest=300)
    yield from text_problems("text", petition.text, longest=3000)
    if len(petition.representative) > 100:
        yield Problem("representative", "has more than 100 characters; a name is enough")
    if not petition.representative.strip():
        yield Problem("representative", "is empty; name the person who follows the petition")
    try:
        places.place(petition.place or council.place)
    except KeyError as error:
        yield Problem("place", str(error.args[0]))


def addressed(petition: Petition, council: Council) -> str:
    """The census code of the council the petition is addressed to."""
    return petition.place or council.place


def conversation(facts: Facts) -> Flow[Sequence[Effect]]:
    """A citizen reads what is asked, and supports it or not."""
    if facts.own.previous is not None:
        return (yield from _again(facts, facts.own.previous.reference))
    petition = definition_of(facts, Petition)
    yield from introduce(petition)
    progress = yield from look_up("progress", "petition_progress")
    choices = (
        Option("support", msg("petition.support"), "✋"),
        Option("no", msg("button.no_thanks"), "❌"),
        Option("card", msg("petition.card"), "🪪"),
    )
    said = yield from ask(
        "support",
        Choice((choices[0], Option("read", msg("petition.read"), "📄"), *choices[1:])),
        lines(
            msg(
                "petition.asks",
                who=Verbatim(petition.representative),
                council=place_name(addressed(petition, facts.council)),
            ),
            Translated(petition.demand),
            _progress_text(progress),
            _law_text(facts, petition),
            msg("petition.tap_is_support"),
            gap=1,
        ),
        simpler=msg("petition.support.simpler"),
    )
    if said == "read":
        said = yield from ask(
            "support.read",
            Choice(choices),
            Translated(petition.text),
            simpler=msg("petition.support.simpler"),
        )
    if said == "card":
        return (yield from _card())
    if said == "no":
        yield from say(msg("petition.declined"))
        return []
    return [
        Respond({"pledge": True}, msg("petition.thanks"), single=True),
        Begin(flow="petition.sign"),
    ]


def _progress_text(progress: Mapping[str, int]) -> Text:
    return Lines(
        (
            _told("petition.pledges", "public.few_pledges", progress["pledges"]),
            _told("petition.signatures", "public.few_signatures", progress["signatures"]),
        )
    )


def _told(entry: str, few: str, count: int) -> Text:
    """A count as the public page tells it: of one to four, only that they are few."""
    return msg(few, smallest=SMALLEST) if is_small(count) else msg(entry, count=count)


def _law_text(facts: Facts, petition: Petition) -> Text:
    needed = petition_law.requirement(addressed(petition, facts.council), facts.today)
    spread = needed.per_place_minimum
    return lines(
        msg("petition.law", count=needed.signatures, law=plainly(needed.rule)),
        msg("petition.spread", count=max(spread.values())) if spread else None,
    )


def plainly(rule: petition_law.Rule) -> Text:
    """Law and article alone: for citizens, on papers that they sign, and on public pages."""
    every = (*LANGUAGES, DARIJA_IN_LATIN)
    return Translated({language: rule.plainly(language) for language in every})


def cited(rule: petition_law.Rule) -> Text:
    """Article, certainty and the reserve of the council's lawyer, for staff; Tamazight readers get French."""
    return Translated({language: rule.cite(language) for language in LANGUAGES})


def _again(facts: Facts, reference: str) -> Flow[Sequence[Effect]]:
    """The citizen supports this petition already."""
    progress = yield from look_up("progress", "petition_progress")
    links = yield from look_up("share", "share_links")
    action = yield from ask(
        "again",
        Choice(
            (
                Option("sign", msg("petition.complete"), "✍️"),
                Option("share", msg("petition.share"), "📤"),
                Option("withdraw", msg("petition.withdraw"), "↩️"),
                Option("card", msg("petition.card"), "🪪"),
                Option("back", msg("button.leave"), "⬅️"),
            )
        ),
        lines(msg("petition.supported"), _progress_text(progress), gap=1),
    )
    if action == "sign":
        return [Begin(flow="petition.sign")]
    if action == "card":
        return (yield from _card())
    if action == "share":
        shared = lines(msg("petition.share_text"), *(Verbatim(link) for link in links))
        yield from say(shared)
        return []
    if action == "withdraw":
        sure = yield from ask(
            "withdraw",
            Choice(
                (
                    Option("keep", msg("petition.keep"), "✋"),
                    Option("yes", msg("petition.withdraw"), "↩️"),
                )
            ),
            msg("petition.withdraw_ask"),
        )
        if sure == "yes":
            return [Withdraw(reference, msg("petition.withdrawn"))]
        yield from say(msg("petition.kept"))
    return []


def _card() -> Flow[Sequence[Effect]]:
    """Somebody thinks that their card was used: staff look at it, and nothing is told here."""
    cin = yield from ask("card", NationalId(), msg("petition.card_ask"))
    return [ReportCard(cin, msg("petition.card_kept"))]


def sign(facts: Facts) -> Flow[Sequence[Effect]]:
    """Name, CIN and address for the official list: one's own, or of someone in the household."""
    if facts.own.held_until:
        # Said before a card is typed for nothing.
        yield from say(msg("join.no_signing", until=Code(facts.own.held_until)))
        return []
    go_on = yield from ask(
        "begin",
        Choice(
            (
                Option("yes", msg("petition.complete"), "✍️"),
                Option("later", msg("button.not_now"), "⏭️"),
            )
        ),
        msg("petition.complete_ask"),
    )
    if go_on == "later":
        yield from say(msg("petition.later"))
        return []
    name = yield from ask(
        "name",
        FullName(shortest=5, longest=80, private=True),
        msg("petition.name"),
        step=(1, 3),
        simpler=msg("petition.name.simpler"),
    )
    cin = yield from ask(
        "cin",
        NationalId(),
        msg("petition.cin"),
        step=(2, 3),
        simpler=msg("petition.cin.simpler"),
    )
    address = yield from ask(
        "address",
        Address(shortest=3, longest=200, private=True),
        msg("petition.address"),
        step=(3, 3),
        simpler=msg("petition.address.simpler"),
    )
    action = yield from ask(
        "send",
        Review(
            (
                Option("send", msg("petition.sign"), "✍️"),
                Option("drop", msg("button.drop"), "❌"),
            ),
            (
                (msg("petition.label.name"), "name"),
                (msg("petition.label.cin"), "cin"),
                (msg("petition.label.address"), "address"),
            ),
        ),
        lines(
            msg("petition.review"),
            review_lines(
                (msg("petition.label.name"), Verbatim(name.text)),
                (msg("petition.label.cin"), Verbatim(mask(cin))),
                (msg("petition.label.address"), Verbatim(address.text)),
            ),
            msg("petition.consent"),
            gap=1,
        ),
    )
    if action == "drop":
        yield from say(msg("petition.not_signed"))
        return []
    return [
        Sign(
            name.text,
            cin,
            address.text,
            facts.own.commune,
            msg("petition.signed"),
            msg("petition.signed_open"),
        )
    ]


def another(facts: Facts) -> Flow[Sequence[Effect]]:
    """After a signature: one phone is often that of a whole home."""
    more = yield from ask(
        "another",
        Choice(
            (
                Option("no", msg("petition.another_no"), "👍"),
                Option("yes", msg("petition.another_yes"), "✍️"),
            )
        ),
        msg("petition.another"),
    )
    if more == "yes":
        return [Begin(flow="petition.sign")]
    yield from say(msg("reply.enough_said"))
    return []


def describe(petition: Petition, body: Mapping[str, Any]) -> Text:
    """One line about a pledge."""
    return Translated(petition.title)


def stripped(body: Mapping[str, Any]) -> Mapping[str, Any]:
    """A pledge has no words."""
    return dict(body)


def summary(petition: Petition, council: Council, responses: Responses) -> Summary:
    """Pledges and signatures apart, and what the law asks for."""
    base = participation(petition, council, responses)
    place = addressed(petition, council)
    last = max((r.day for r in responses.standing), default=None)
    signed = signatures_in(responses)
    figures: list[Figure] = [
        *base.figures,
        Figure(
            "signatures",
            msg("summary.signatures"),
            hidden_if_few(signed.count, signed.count),
        ),
    ]
    tables: list[Table] = []
    needed = _required(place, last)
    if needed is not None:
        figures.append(Figure("needed", msg("summary.needed"), needed.signatures))
        rule = cited(needed.rule)
        figures.append(Figure("rule", msg("summary.rule"), rule))
        if needed.per_place_minimum:
            tables.append(_spread(needed, signed))
    return Summary(base.title, tuple(figures), (*tables, *base.tables), base.notes)


def _required(place: str, on: date | None) -> petition_law.Requirement | None:
    """What the law asks for; None where nobody has signed yet, or no rule is known."""
    try:
        return petition_law.requirement(place, on) if on is not None else None
    except petition_law.NoRule:
        return None


def _spread(needed: petition_law.Requirement, signed: Signatures) -> Table:
    by_province = Counter(dict.fromkeys(needed.per_place_minimum, 0))
    for commune, count in signed.places.items():
        by_province[places.place(commune).province or ""] += count
    # Who signed without a commune is in no row, yet can be worked out from the total.
    by_province[""] += max(0, signed.count - sum(by_province.values()))
    hidden = kept_back(by_province, signed.count)
    rows: list[tuple[Cell, ...]] = [
        (place_name(code), SUPPRESSED if code in hidden else by_province[code], least)
        for code, least in needed.per_place_minimum.items()
    ]
    columns = (
        Column("province", msg("summary.province")),
        Column("signatures", msg("summary.signatures"), "count"),
        Column("needed", msg("summary.needed"), "count"),
    )
    return Table("spread", msg("summary.spread"), columns, tuple(rows))


def headline(petition: Petition, council: Council, responses: Responses) -> Text:
    """How many support it, how many signed, and how many signatures the law asks for."""
    pledges = msg("petition.pledges", count=len(responses.standing))
    last = max((r.day for r in responses.standing), default=None)
    count = signatures_in(responses).count
    if 0 < count < SMALLEST:
        return headlined(pledges)
    signed: Text = msg("petition.signatures", count=count)
    required = _required(addressed(petition, council), last)
    if required is not None:
        signed = msg("headline.signatures", signatures=count, needed=required.signatures)
    return headlined(pledges, signed)


def asked(petition: Petition, council: Council) -> Sequence[Asked]:
    """One question: whether one supports it."""
    yes = {"yes": msg("button.yes")}
    return (Asked("pledge", "select_one", Translated(petition.demand), yes),)


def given(
    questions: Mapping[str, Asked], petition: Petition, response: Response
) -> Iterator[Given]:
    """The pledge."""
    if response.body.get("pledge"):
        yield Given("pledge", "yes")


def own_words(petition: Petition) -> Sequence[OwnWords]:
    """Nobody writes anything."""
    return ()


KIND: Kind[Petition] = Kind(
    name="petition",
    emoji="✍️",
    label=msg("public.kind_petition"),
    definition=Petition,
    problems=problems,
    conversation=conversation,
    summary=summary,
    describe=describe,
    stripped=stripped,
    headline=headline,
    asked=asked,
    given=given,
    own_words=own_words,
    publicity=Publicity(live=True),
    single=True,
    assures=("A0", "A1", "A2"),
    walked={"petition_progress": {"pledges": 0, "signatures": 0}},
    further={"sign": sign, "another": another},
)
