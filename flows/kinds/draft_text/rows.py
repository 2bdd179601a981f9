"""A draft's articles as questions, and what was said of them as answers: for files and moderation."""

from collections.abc import Iterator, Mapping, Sequence

from flows.dialog.facts import Council
from flows.kinds.draft_text.definition import Article, DraftText, briefly, named
from flows.kinds.draft_text.opinion import STANCES, stance_label
from flows.statistics.asked import Asked, Given, OwnWords, is_erased, said
from flows.statistics.summary import Response
from flows.wording.text import Text, msg

#: What is said of an article in words, by the name under which it is kept.
IN_WORDS = ("comment", "proposal")


def in_words(article: Article, name: str) -> Text:
    """What such words are called in tables and files: "Comment · Article 3"."""
    return msg(f"draft.label.{name}", article=briefly(article))


def asked(draft: DraftText, council: Council) -> Sequence[Asked]:
    """For each article the choice, the comment and the wording proposed."""
    found = []
    labels = {stance: stance_label(stance) for stance in STANCES}
    for article in draft.articles:
        found.append(Asked(article.key, "select_one", named(article), labels))
        for name in IN_WORDS:
            id = f"{article.key}_{name}"
            found.append(Asked(id, "open", in_words(article, name), personal=True))
    return found


def given(questions: Mapping[str, Asked], draft: DraftText, response: Response) -> Iterator[Given]:
    """What one person said of the articles."""
    stored = response.body.get("articles", {})
    for article in draft.articles:
        part = stored.get(article.key, {})
        stance = part.get("stance")
        if stance is not None and article.key in questions:
            yield Given(article.key, questions[article.key].offered(stance))
        for name in IN_WORDS:
            words = part.get(name)
            id = f"{article.key}_{name}"
            if words is not None and id in questions and not is_erased(words):
                yield said(id, words)


def own_words(draft: DraftText) -> Sequence[OwnWords]:
    """The comments and proposed wordings, article by article."""
    return tuple(
        OwnWords(f"{article.key}_{name}", in_words(article, name), ("articles", article.key, name))
        for article in draft.articles
        for name in IN_WORDS
    )
