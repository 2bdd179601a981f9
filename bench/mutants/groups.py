"""Which code is mutated whole, and how much of it must be noticed."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Group:
    """Code about one thing. A pattern is a path, or a path and the functions in it: "a/b.py: f, C.g"."""

    name: str
    patterns: tuple[str, ...]
    #: Percent of its faults that a test must notice.
    wanted: float = 95.0
    #: Seconds of tests for one fault.
    seconds: float = 9.0

    def holds(self, path: str, inside: str) -> bool:
        """Whether a function of a module belongs to it."""
        for pattern in self.patterns:
            where, _, functions = pattern.partition(": ")
            if path == where and (
                not functions
                or any(
                    inside == name or inside.startswith(f"{name}.")
                    for name in functions.split(", ")
                )
            ):
                return True
        return False


GROUPS = (
    Group(
        "suppression",
        (
            "flows/statistics/disclosure.py",
            "flows/statistics/summary.py",
            "flows/statistics/participation.py: question_note, _spelled, _figures, census_comparison",
            "flows/statistics/weighting.py: _kept_back, _merged_ages, _note",
            "flows/statistics/indicators.py: region_summary, _risks, _reveals, _of_enough, _group,"
            " _council_row",
            "flows/kinds/kind.py: headlined",
            "flows/kinds/poll/results.py: summary, _tells_too_much, _results, _ranking, _numbers",
            "flows/kinds/petition.py: summary, _spread",
            "bot/staff/open_answers/__init__.py: OpenQuestion.held",
            "bot/results/public_record.py: counted, plain_count",
            "bot/kinds/petition/desk.py: spread_of",
        ),
    ),
    Group("petition law", ("flows/morocco/petition_law.py",)),
    Group(
        "rate limits and quiet hours", ("bot/outbox/rate_limit.py", "bot/outreach/quiet_hours.py")
    ),
    Group("replay", ("flows/dialog/replay.py",)),
    Group(
        "delivery",
        tuple(
            f"bot/outbox/{name}.py"
            for name in (
                "delivery",
                "pushes",
                "replies",
                "reports",
                "retries",
                "settlement",
                "waiting",
            )
        ),
    ),
)

#: So many faults of all other code, always the same ones while it stays as it is.
SAMPLE = 400
SEED = "2026-11"
#: Pages and commands have few tests of their own and many slow ones: what notices a fault is further down.
ELSEWHERE = Group("elsewhere", (), wanted=85.0, seconds=15.0)
