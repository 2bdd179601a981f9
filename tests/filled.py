"""A page's form as a browser would send it: every field with what stands in it."""

from html.parser import HTMLParser


class _Fields(HTMLParser):
    def __init__(self, id: str) -> None:
        super().__init__(convert_charrefs=True)
        self._id = id
        self._inside = False
        self._area = ""
        self._select = ""
        self._text = ""
        self.found: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        own = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._inside = own.get("id") == self._id
        if not self._inside or "disabled" in own:
            return
        name = own.get("name", "")
        if tag == "input" and own.get("type") == "checkbox":
            if "checked" in own:
                self.found[name] = own.get("value", "on")
        elif tag == "input":
            self.found[name] = own.get("value", "")
        elif tag == "textarea":
            self._area, self._text = name, ""
        elif tag == "select":
            self._select = name
        elif tag == "option" and ("selected" in own or self._select not in self.found):
            # Without a choice a browser sends the first.
            self.found[self._select] = own.get("value", "")

    def handle_data(self, data: str) -> None:
        self._text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._area:
            # The first line break after the tag is none of the text.
            self.found[self._area] = self._text.removeprefix("\n")
            self._area = ""
        elif tag == "select":
            self._select = ""
        elif tag == "form":
            self._inside = False


def fields_in(page: str, form: str = "definition") -> dict[str, str]:
    """The fields of a form in a page, by name."""
    reader = _Fields(form)
    reader.feed(page)
    return reader.found
