"""A text in Markdown: headings, paragraphs and lists; what else there is, is counted and left out."""

from collections.abc import Iterator, Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token

from bot.kinds.draft_text.reading.blocks import Found

#: What is counted and left out, by the token that it begins with.
_LEFT_OUT = {
    "table_open": "table",
    "html_block": "html",
    "fence": "code",
    "code_block": "code",
}


def read(text: str) -> Found:
    """The blocks of a text in Markdown (CommonMark, with tables)."""
    tokens = MarkdownIt("commonmark", {"html": True}).enable("table").parse(text)
    found = Found()
    lists: list[int | None] = []
    mark, level, table = "", 0, 0
    for token in tokens:
        match token.type:
            case "table_open" | "table_close":
                table += token.nesting
            case "heading_open":
                level = int(token.tag[1:])
            case "heading_close":
                level = 0
            case "ordered_list_open":
                lists.append(int(token.attrGet("start") or 1))
            case "bullet_list_open":
                lists.append(None)
            case "ordered_list_close" | "bullet_list_close":
                lists.pop()
            case "list_item_open":
                mark = _mark(lists, token)
            case "inline" if not table:
                found.add(mark + _words(token.children or (), found), level)
                mark = ""
            case _:
                pass
        if token.type in _LEFT_OUT:
            found.left_out[_LEFT_OUT[token.type]] += 1
    return found


def _mark(lists: list[int | None], token: Token) -> str:
    """What stands before an item: its number, as it is written, or a dash."""
    number = lists[-1]
    if number is None:
        return "– "
    lists[-1] = number + 1
    return f"{token.info or number}. "


def _words(children: Sequence[Token], found: Found) -> str:
    return "".join(_parts(children, found))


def _parts(children: Sequence[Token], found: Found) -> Iterator[str]:
    for child in children:
        match child.type:
            case "text" | "code_inline":
                yield child.content
            case "softbreak":
                yield " "
            case "hardbreak":
                yield "\n"
            case "image":
                found.left_out["picture"] += 1
            case "html_inline":
                found.left_out["html"] += 1
