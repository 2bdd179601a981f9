"""The form of a consultation: fields <-> definition, with each problem beside its field.

The names of the fields are the keys of the definition ("questions.0.text.fr"), so a problem's key
leads straight to its field. Choices are written one a line; their ids are c1, c2 ... by position.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from bot.web.frame.forms import Form
from flows.dialog.definition import Head, Problem
from flows.dialog.facts import Council
from flows.kinds import check
from flows.understanding import scripts
from flows.wording.text import LANGUAGES

#: Kinds that the form can write; others are written as TOML.
KINDS = ("poll", "need", "petition")


_EMOJI_FIRST = re.compile(r"^([^\w\s\d«»\"'(\[-]{1,8})\s+(?=\S)")
_TEXTS = {
    "poll": ("title", "intro"),
    "need": ("title", "intro"),
    "petition": ("title", "intro", "demand", "text"),
}


def definition_of(form: Form, council: Council) -> dict[str, Any]:
    """The definition that a form describes, as it would stand in a TOML file."""
    kind = form.value("kind") if form.value("kind") in KINDS else "poll"
    raw: dict[str, Any] = {
        "kind": kind,
        "code": form.value("code").strip().upper(),
        "council": council.code,
        "title": _texts(form, "title"),
    }
    for name in _TEXTS[kind][1:]:
        if texts := _texts(form, name):
            raw[name] = texts
    if council.example:
        raw["example"] = True
    for name in ("opens", "closes"):
        if value := form.value(name).strip():
            # Browsers leave the seconds out, and a day alone begins at midnight.
            raw[name] = value + {10: "T00:00:00", 16: ":00"}.get(len(value), "")
    if form.value("minutes").strip():
        raw["minutes"] = number(form.value("minutes"))
    if theme := form.value("theme"):
        raw["theme"] = theme
    if kind == "petition" and form.value("representative").strip():
        raw["representative"] = form.value("representative").strip()
    if kind == "poll":
        form.written = [i for i in range(form.questions) if i == 0 or _is_written(form, i)]
        raw["questions"] = [_question(form, index) for index in form.written]
    raw["outreach"] = _outreach(form)
    return raw


def number(text: str) -> int | str:
    """A number in any script's digits; what is none stays as it is, for the check to name."""
    plain = scripts.digits(text.strip())
    return int(plain) if plain.isascii() and plain.isdecimal() and len(plain) < 7 else text


def _is_written(form: Form, index: int) -> bool:
    where = f"questions.{index}."
    return any(
        value.strip()
        for key, value in form.fields.items()
        if key.startswith((f"{where}text.", f"{where}choices."))
    )


def _texts(form: Form, name: str) -> dict[str, str]:
    found = {code: form.value(f"{name}.{code}").strip() for code in LANGUAGES}
    return {code: text for code, text in found.items() if text}


def _question(form: Form, index: int) -> dict[str, Any]:
    where = f"questions.{index}"
    kind = form.value(f"{where}.type") or "single"
    raw: dict[str, Any] = {
        "key": form.value(f"{where}.key").strip() or f"q{index + 1}",
        "type": kind,
        "text": _texts(form, f"{where}.text"),
    }
    for name in ("optional", "sensitive"):
        if form.value(f"{where}.{name}"):
            raw[name] = True
    if kind in ("single", "multiple", "ranking"):
        raw["choices"] = _choices(form, where)
    if kind == "multiple" and form.value(f"{where}.most").strip():
        raw["most"] = number(form.value(f"{where}.most"))
    return raw


def _choices(form: Form, where: str) -> list[dict[str, Any]]:
    columns = {
        code: [line.strip() for line in form.value(f"{where}.choices.{code}").splitlines()]
        for code in LANGUAGES
    }
    columns = {
        code: [line for line in lines if line] for code, lines in columns.items() if any(lines)
    }
    ids = [part for part in form.value(f"{where}.ids").split(",") if part]
    found = []
    for number in range(max(map(len, columns.values()), default=0)):
        texts, emoji = {}, ""
        for code, lines in columns.items():
            if number < len(lines):
                sign = _EMOJI_FIRST.match(lines[number])
                emoji = emoji or (sign[1] if sign else "")
                texts[code] = lines[number][sign.end() :] if sign else lines[number]
        id = ids[number] if number < len(ids) else f"c{number + 1}"
        found.append({"id": id, "text": texts} | ({"emoji": emoji} if emoji else {}))
    return found


def _outreach(form: Form) -> dict[str, Any]:
    raw: dict[str, Any] = {"invite": bool(form.value("outreach.invite"))}
    raw["result"] = bool(form.value("outreach.result"))
    if form.value("outreach.spread_hours").strip():
        raw["spread_hours"] = number(form.value("outreach.spread_hours"))
    days = [part for part in re.split(r"[\s,;،]+", form.value("outreach.reminders")) if part]
    raw["reminders"] = [
        {
            "before_closing": number(day),
            "time": form.value("outreach.time").strip() or "18:00",
        }
        for day in days
    ]
    raw["audience"] = audience_of(form, "outreach.audience")
    return raw


def audience_of(form: Form, where: str) -> dict[str, Any]:
    """The audience that the fields under `where` describe."""
    raw: dict[str, Any] = {}
    for name in ("languages", "channels", "age_bands", "genders", "themes", "lists", "places"):
        chosen = [
            key.removeprefix(f"{where}.{name}.")
            for key, value in form.fields.items()
            if key.startswith(f"{where}.{name}.") and value
        ]
        if chosen:
            raw[name] = chosen
    if form.value(f"{where}.disability"):
        raw["disability"] = True
    for name in ("answered", "not_answered"):
        if value := form.value(f"{where}.{name}").strip():
            raw[name] = value.upper()
    return raw


def checked(form: Form, council: Council) -> tuple[dict[str, Any], Head | None]:
    """The definition and its typed form; what is wrong is noted beside the fields."""
    raw = definition_of(form, council)
    head, problems = check(raw, council)
    note(form, problems)
    return raw, head if not problems else None


def note(form: Form, problems: Sequence[Problem]) -> None:
    """Put problems beside their fields."""
    for problem in problems:
        name = _field(problem.key, form.written)
        if name:
            form.errors.setdefault(name, problem.text)
        else:
            form.others.append(str(problem))


def _field(key: str, written: Sequence[int] = ()) -> str:
    """The field in which a problem with this key can be put right; "" if there is none."""
    name = re.sub(r"\[(\d+)\]", r".\1", key)
    if (met := re.match(r"questions\.(\d+)", name)) and int(met[1]) < len(written):
        name = f"questions.{written[int(met[1])]}{name[met.end() :]}"
    name = re.sub(r"^(questions\.\d+)\.(choices|least|highest|lowest).*$", r"\1.choices", name)
    name = re.sub(r"^outreach\.reminders\.\d+.*$", "outreach.reminders", name)
    name = re.sub(r"^outreach\.audience\..*$", "outreach.audience", name)
    top = name.split(".")[0]
    return name if top in _FIELDS else ""


_FIELDS = frozenset(
    {
        "code", "title", "intro", "demand", "text", "opens", "closes", "minutes", "theme",
        "representative", "questions", "outreach",
    }
)  # fmt: skip


def form_of(raw: Mapping[str, Any]) -> Form:
    """The form that shows a definition; what it cannot show is lost if it is saved (see `fits`)."""
    fields: dict[str, str] = {"kind": raw["kind"], "code": raw["code"]}
    for name in _TEXTS.get(raw["kind"], ("title", "intro")):
        for code, text in (raw.get(name) or {}).items():
            fields[f"{name}.{code}"] = text
    for name in ("opens", "closes", "theme", "representative"):
        if raw.get(name):
            fields[name] = str(raw[name])[:16] if name in ("opens", "closes") else str(raw[name])
    fields["minutes"] = str(raw.get("minutes", 2))
    questions = raw.get("questions") or []
    for index, question in enumerate(questions):
        fields |= _question_fields(f"questions.{index}", question)
    fields |= _outreach_fields(raw.get("outreach") or {})
    return Form(fields, max(1, len(questions)))


def _question_fields(where: str, question: Mapping[str, Any]) -> dict[str, str]:
    fields = {f"{where}.key": question["key"], f"{where}.type": question["type"]}
    fields |= {f"{where}.text.{code}": text for code, text in question["text"].items()}
    for name in ("optional", "sensitive"):
        if question.get(name):
            fields[f"{where}.{name}"] = "on"
    if question.get("most"):
        fields[f"{where}.most"] = str(question["most"])
    choices = question.get("choices") or []
    fields[f"{where}.ids"] = ",".join(choice["id"] for choice in choices)
    for code in LANGUAGES:
        lines = [
            " ".join(part for part in (choice.get("emoji", ""), choice["text"].get(code)) if part)
            for choice in choices
            if choice["text"].get(code)
        ]
        fields[f"{where}.choices.{code}"] = "\n".join(lines)
    return fields


def _outreach_fields(outreach: Mapping[str, Any]) -> dict[str, str]:
    fields = {"outreach.invite": "on"} if outreach.get("invite") else {}
    if outreach.get("result", True):
        fields["outreach.result"] = "on"
    if outreach.get("spread_hours"):
        fields["outreach.spread_hours"] = str(outreach["spread_hours"])
    reminders = outreach.get("reminders") or []
    days = [str(r["before_closing"]) for r in reminders if r.get("before_closing") is not None]
    fields["outreach.reminders"] = ", ".join(days)
    if reminders:
        fields["outreach.time"] = reminders[0].get("time", "18:00")
    for name, values in (outreach.get("audience") or {}).items():
        if isinstance(values, list | tuple):
            fields |= {f"outreach.audience.{name}.{value}": "on" for value in values}
        elif values:
            fields[f"outreach.audience.{name}"] = "on" if values is True else str(values)
    return fields


def fits(raw: Mapping[str, Any], council: Council) -> bool:
    """Whether the form shows all of a definition, so that saving it loses nothing."""
    plain = definition_of(form_of(raw), council)
    return _leaves(plain) >= _leaves(raw)


def _leaves(value: Any, where: str = "") -> set[tuple[str, str]]:
    if isinstance(value, Mapping):
        return {leaf for key, inner in value.items() for leaf in _leaves(inner, f"{where}.{key}")}
    if isinstance(value, list | tuple):
        return {leaf for i, inner in enumerate(value) for leaf in _leaves(inner, f"{where}.{i}")}
    trivial = value in (None, "", 0, False, 1) or (where, value) in (
        (".minutes", 2),
        (".outreach.late", "run"),
    )
    said = str(value)[:16] if where in (".opens", ".closes") else str(value)
    return set() if trivial else {(where, said)}
