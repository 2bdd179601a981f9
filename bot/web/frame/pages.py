"""Staff and public pages in the reader's language: one way to render a template."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from jinja2 import Environment
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from bot.core.localtime import local
from bot.reports.printed import whole_percent
from bot.web.frame.roles import ROLES
from flows.kinds import kinds
from flows.statistics.summary import SMALLEST
from flows.wording import render
from flows.wording.text import RIGHT_TO_LEFT, WRITTEN_LANGUAGE, Message, Text, Translated, Value

#: The languages of staff pages. Pages for citizens offer `flows.conversations.welcome.LANGUAGE_NAMES`.
LANGUAGES: Mapping[str, str] = {"ar": "العربية", "fr": "Français", "en": "English"}


#: Why a message waits, was dropped, or a plan did not run, as the database keeps it.
REASONS = frozenset(
    {
        "stopped", "muted", "unreachable", "opted out", "declined", "answered", "closed", "erased",
        "joined", "cancelled", "quiet hours", "weekly cap", "in a conversation",
        "wants no invitations", "no consent", "channel not connected", "missed", "a later one was due as well",
        "the consultation is not open", "the sender ended before it knew", "changed since it was agreed", "was there",
    }
)  # fmt: skip


class Pages:
    """Renders templates; `t("staff.title")` in a template is the catalogue's entry."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment

    def show(
        self,
        request: Request,
        name: str,
        status: int = 200,
        *,
        languages: Mapping[str, str] = LANGUAGES,
        **values: Any,
    ) -> Response:
        """A page. Where a member is signed in, `may("triage")` tells what their role allows."""
        language = language_of(request, languages)
        member = values.get("member")
        if member is not None:
            values.setdefault("may", lambda action: member.role in ROLES[action])
        response = HTMLResponse(
            self.html(language, name, languages=languages, **values),
            status,
            headers={"cache-control": "no-store"},
        )
        if request.query_params.get("lang") in languages:
            response.set_cookie("tachawor_lang", language, max_age=31_536_000, samesite="lax")
        return response

    def html(
        self,
        language: str,
        name: str,
        *,
        languages: Mapping[str, str] = LANGUAGES,
        **values: Any,
    ) -> str:
        """The text of a page or of a part of one; `languages` are those it offers."""

        def t(id: str, count: int | None = None, **more: Value) -> str:
            return render(Message(id, more, count), language)

        def words(text: Text | Mapping[str, str], default: str = "ar") -> str:
            shown = Translated(text) if isinstance(text, Mapping) else text
            return render(shown, language, default)

        def number(count: int, kind: str = "") -> str:
            """How many; fewer than five are not told, unless the kind tells openly how many there are."""
            openly = not kind or kinds()[kind].publicity.openly
            if not openly and 0 < count < SMALLEST:
                return t("summary.few", smallest=SMALLEST)
            return str(count)

        def label(kind: str) -> str:
            """What a kind of consultation is called."""
            return render(kinds()[kind].label, language)

        def why(reason: str) -> str:
            """A reason of ours in words; a provider's stays as it is."""
            known = reason in REASONS
            return t(f"why.{reason.replace(' ', '_')}") if known else reason

        def percent(share: Decimal) -> str:
            return whole_percent(share, language)

        return self._environment.get_template(name).render(
            language=language,
            direction="rtl" if language in RIGHT_TO_LEFT else "ltr",
            # In French a space that does not break stands before it.
            colon="\u00a0: " if language == "fr" else ": ",
            languages=languages,
            t=t,
            words=words,
            clock=clock,
            why=why,
            number=number,
            label=label,
            percent=percent,
            **values,
        )


def said_in(error: Exception, language: str) -> str:
    """What a refusal says, in the reader's language where the catalogue has it."""
    text = getattr(error, "text", None)
    return render(text, language) if text is not None else str(error)


def clock(at: int | None) -> str:
    """A moment as staff read it: local day and time."""
    return local(at).strftime("%d/%m/%Y %H:%M") if at is not None else ""


def wall(text: str | None) -> str:
    """A stored wall time as staff read it."""
    if not text:
        return ""
    return datetime.fromisoformat(text.rpartition(" ")[0]).strftime("%d/%m/%Y %H:%M")


def language_of(request: Request, offered: Mapping[str, str] = LANGUAGES) -> str:
    """The language of a page, one of `offered`: chosen, else the browser's, else Arabic.

    Who reads Darija or Tamazight where that is not offered gets what staff read in its place.
    """
    chosen = request.query_params.get("lang") or request.cookies.get("tachawor_lang", "")
    wanted = [part.split(";")[0] for part in request.headers.get("accept-language", "").split(",")]
    for code in (chosen, *(part.strip().split("-")[0].lower() for part in wanted)):
        for found in (code, WRITTEN_LANGUAGE.get(code, "")):
            if found in offered:
                return found
    return "ar"
