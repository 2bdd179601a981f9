"""Records of `storage/sql/answers.sql`."""

from storage.rows import Record


class AnswerSent(Record, frozen=True):
    """What staff wrote to a person in one message, for the conversation in which it is answered."""

    council_id: int
    consultation_id: int
    reference: str
    body: str
    what: str
    text: str
    media: str
    detail: str


class AnswersWait(Record, frozen=True):
    """Whether any answer of staff is due."""

    due: int


class DueAnswers(Record, frozen=True):
    """Answers of staff that are due to people whose latest chat is on a channel, with all that
    decides whether they go now and what they say.
    """

    id: int
    person_id: int
    tries: int
    form: int
    account: str
    address: str
    last_in_at: int
    language: str | None
    letters: str
    stopped_at: int | None
    keeps_answers: int
    part_of_day: str
    council_id: int
    consultation_id: int
    reference: str
    body: str
    what: str
    text: str
    media: str
    detail: str
    agreed: int
    muted: bool
    busy: bool
