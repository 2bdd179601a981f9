"""A citizen supports the example petition, and completes the official signature."""

import pytest

from bot.app.build import App
from storage.rows.consultations import ConsultationByCode
from storage.rows.staff import LedgerOf
from tests.checks import AllResponses
from tests.citizen import Citizen

SIGN = [
    ("[Sign officially]", "The full name"),
    ("Amina El Idrissi", "The number of the national card"),
]


async def supports(app: App, name: str = "amina") -> Citizen:
    citizen = Citizen(app, name, "telegram")
    await citizen.arrives(code="OZT-PARK")
    await citizen.verify([("[I support it]", "your support is counted. Reference: OZT-2026-")])
    return citizen


async def count(app: App, query: str) -> int:
    async with app.storage.reading() as tx:
        row = await tx.row(ConsultationByCode, code="OZT-PARK")
        assert row is not None
        counted = await tx.row(query, consultation_id=row.id)
    assert counted is not None
    return int(counted["n"])


async def test_the_petition_says_who_asks_whom_how_many_and_where_the_law_stands(app: App) -> None:
    citizen = Citizen(app, channel="telegram")
    said = await citizen.arrives(code="OZT-PARK")
    assert "Example representative" in said
    assert "0 people support it here" in said
    assert "The law asks for 200 signatures (law 113-14, art. 123)." in said
    # How sure we are is for staff.
    assert "certainty" not in said
    assert "not yet the official signature" in said


@pytest.mark.parametrize(
    ("language", "law"),
    [
        ("Français", "La loi demande 200\u00a0signatures (loi 113-14, art. 123)."),
        ("العربية", "يشترط القانون 200 توقيع (القانون 113-14، المادة 123)."),
        ("الدارجة", "القانون كيطلب 200 توقيع (القانون 113-14، المادة 123)."),
        ("ⵜⴰⵎⴰⵣⵉⵖⵜ", "200 ⵉⵙⴳⵎⴹⵏ (ⴰⵙⴰⴹⵓⴼ 113-14, ⴰⵎⴰⴳⵔⴰⴷ 123)."),
    ],
)
async def test_the_law_is_told_in_plain_words_in_the_readers_language(
    app: App, language: str, law: str
) -> None:
    said = await Citizen(app, channel="telegram").arrives(language, "OZT-PARK")
    assert law.replace("\u00a0", " ") in said
    for word in ("certitude", "juriste", "اليقين"):
        assert word not in said


async def test_a_tap_is_a_pledge_and_not_a_signature(app: App) -> None:
    await supports(app)
    assert await count(app, "count_standing") == 1
    assert await count(app, "count_signatures") == 0


async def test_a_signature_is_completed_sealed_and_its_number_never_readable(
    app: App, tmp_path: object
) -> None:
    citizen = await supports(app)
    await citizen.verify(
        [
            *SIGN,
            ("kb 20-49 71", "The address?"),
            ("12 Avenue Mohammed V", "• CIN: "),
        ]
    )
    assert "KB204971" not in citizen.heard[-1].text
    assert "official signature is recorded" in await citizen.says("[Sign]")
    assert await count(app, "count_signatures") == 1
    async with app.storage.reading() as tx:
        row = await tx.row(ConsultationByCode, code="OZT-PARK")
        assert row is not None
        responses = await tx.rows(AllResponses, consultation_id=row.id)
    assert [response.assurance for response in responses] == ["A2"]
    await app.storage.forget_traces()
    content = b"".join(p.read_bytes() for p in tmp_path.glob("test.sqlite*"))  # type: ignore[attr-defined]
    for secret in (b"KB204971", b"kb 20-49 71", b"20-49 71"):
        assert secret not in content


async def test_one_card_number_signs_once_in_whatever_spelling_and_from_whatever_phone(
    app: App,
) -> None:
    first, second = await supports(app), await supports(app, "brahim")
    await first.verify([*SIGN, ("KB204971", "address"), ("Agdz", "CIN"), ("yes", "recorded")])
    await second.verify([*SIGN, ("kb ٢٠٤٩٧١", "address"), ("Agdz", "CIN"), ("yes", "recorded")])
    assert await count(app, "count_signatures") == 1


async def test_members_of_a_household_sign_on_one_phone(app: App) -> None:
    citizen = await supports(app)
    await citizen.verify([*SIGN, ("KB204971", "address"), ("Agdz", "CIN"), ("yes", "recorded")])
    await citizen.says("[No, that is all]")
    await citizen.starts("OZT-PARK")
    await citizen.verify(
        [
            ("[Sign officially]", "Would you like"),
            ("[Sign officially]", "full name"),
            ("Brahim El Idrissi", "national card"),
            ("CD98765", "address"),
            ("Agdz", "CIN"),
            ("yes", "recorded"),
        ]
    )
    assert await count(app, "count_signatures") == 2


@pytest.mark.parametrize("wrong", ["123456", "ABC12345", "my card", "AB", "0612345678"])
async def test_a_wrong_card_number_is_asked_again_with_an_example(app: App, wrong: str) -> None:
    citizen = await supports(app)
    await citizen.verify([*SIGN, (wrong, "for example: AB123456")])


async def test_a_card_that_is_sent_twice_is_no_address(app: App) -> None:
    """A bad network sends a line again: it stands nowhere as where somebody lives."""
    citizen = await supports(app)
    await citizen.verify([*SIGN, ("KB204971", "The address?")])
    asked_again = await citizen.says("KB204971")
    assert "number, not an address" in asked_again
    assert "The address?" in asked_again
    await citizen.verify([("12 rue B, Agdz", "CIN"), ("yes", "recorded")])


async def test_support_can_be_taken_back_with_the_signatures_of_the_phone(app: App) -> None:
    citizen = await supports(app)
    await citizen.verify([*SIGN, ("KB204971", "address"), ("Agdz", "CIN"), ("yes", "recorded")])
    await citizen.says("[No, that is all]")
    await citizen.says("[Not now]")
    await citizen.starts("OZT-PARK")
    await citizen.verify(
        [
            ("[Take back my support]", "Take back your support"),
            ("[Take back my support]", "was taken back"),
        ]
    )
    assert await count(app, "count_standing") == 0
    assert await count(app, "count_signatures") == 0


async def test_who_took_support_back_can_give_it_again(app: App) -> None:
    citizen = await supports(app)
    await citizen.verify([("[Not now]", "Your support counts")])
    await citizen.says("[Not now]")
    await citizen.starts("OZT-PARK")
    await citizen.says("[Take back my support]")
    await citizen.says("[Take back my support]")
    await citizen.starts("OZT-PARK")
    await citizen.verify([("[I support it]", "Reference")])
    assert await count(app, "count_standing") == 1


async def test_the_share_link_leads_into_the_petition(app: App) -> None:
    citizen = await supports(app)
    await citizen.says("[Not now]")
    await citizen.says("[Not now]")
    await citizen.starts("OZT-PARK")
    assert "http://localhost:1/?c=OZT-PARK" in await citizen.says("[Share]")


async def test_every_signature_is_in_the_ledger_and_the_chain_holds(app: App) -> None:
    from bot.core.ledger import BEGINNING, chain

    citizen = await supports(app)
    await citizen.verify([*SIGN, ("KB204971", "address"), ("Agdz", "CIN"), ("yes", "recorded")])
    async with app.storage.reading() as tx:
        rows = await tx.rows(LedgerOf, council_id=app.register.default_id)
    head = BEGINNING
    for row in rows:
        head = chain(head, row.entry)
        assert row.head == head
    assert len(rows) == 1
    assert "KB204971" not in rows[0].entry


@pytest.mark.parametrize("word", ["send", "envoyer", "صيفط", "sign", "oui"])
async def test_sending_at_the_last_look_signs(app: App, word: str) -> None:
    citizen = await supports(app)
    await citizen.verify([*SIGN, ("KB204971", "address"), ("Agdz", "CIN"), (word, "recorded")])


async def test_a_card_number_in_an_edited_message_is_not_readable_in_the_file(
    app: App, tmp_path: object
) -> None:
    citizen = await supports(app)
    await citizen.verify([*SIGN, ("KB204971", "address")])
    await citizen.does(event="edit", text="ZT654322")
    await citizen.verify([("hidden street 5", "CIN"), ("[Sign]", "recorded")])
    await app.storage.forget_traces()
    content = b"".join(p.read_bytes() for p in tmp_path.glob("test.sqlite*"))  # type: ignore[attr-defined]
    for secret in (b"ZT654322", b"hidden street", b"El Idrissi"):
        assert secret not in content


async def test_a_signature_needs_support_that_stands(app: App) -> None:
    citizen = await supports(app)
    await citizen.verify([*SIGN, ("KB204971", "address")])
    for said in ("my contributions", "1", "[Take it back]", "[Take it back]"):
        await citizen.says(said)
    await citizen.says("resume")
    await citizen.says("Agdz")
    assert "support was taken back" in await citizen.says("[Sign]")
    assert await count(app, "count_signatures") == 0


async def test_a_home_signs_one_after_the_other_on_one_phone(app: App) -> None:
    """A button leads to the next one; who is through is asked nothing more."""
    citizen = await supports(app)
    await citizen.verify([*SIGN, ("KB204971", "address"), ("Agdz", "CIN"), ("yes", "recorded")])
    for name, cin in (("Zineb Amrani", "KB204972"), ("Omar Amrani", "KB204973")):
        assert "somebody else in your home" in citizen.heard[-1].text
        await citizen.verify(
            [
                ("[Sign for another]", "sealed"),
                ("[Sign officially]", "full name"),
                (name, "CIN"),
                (cin, "address"),
                ("Agdz", name),
                ("yes", "recorded"),
            ]
        )
    assert "Thank you" in await citizen.says("[No, that is all]")
    assert await count(app, "count_signatures") == 3


async def test_of_few_the_chat_tells_no_more_than_the_public_page(app: App) -> None:
    """Four are few, five are five; nobody is zero."""
    seen = []
    for number in range(7):
        someone = Citizen(app, f"s{number}")
        seen.append(await someone.arrives(code="OZT-PARK"))
        await someone.says("[I support it]")
    assert "0 people support it here" in seen[0]
    for text in seen[1:5]:
        assert "Fewer than 5 people support it here." in text
    assert "5 people support it here." in seen[5]
    assert "6 people support it here." in seen[6]
