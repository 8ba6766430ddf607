"""What the quality report shows, as a list; `python tests/report_outline.py` writes it anew."""

import re
import sys
import tempfile
from html.parser import HTMLParser
from pathlib import Path

OUTLINE = Path(__file__).with_suffix(".txt")
SHOWN = {"h1", "h2", "h3", "figcaption", "caption", "th", "title", "desc", "dt", "label", "button"}
INDENT = {"h1": 0, "h2": 0, "h3": 1, "figcaption": 1, "caption": 1}


class _Outline(HTMLParser):
    """Gathers the text of headings, captions, heads of columns, terms, and charts."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []
        self._open: list[tuple[str, list[str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in SHOWN and (tag != "th" or dict(attrs).get("scope") == "col"):
            self._open.append((tag, []))

    def handle_endtag(self, tag: str) -> None:
        if self._open and self._open[-1][0] == tag:
            _, parts = self._open.pop()
            text = re.sub(r"\s+", " ", "".join(parts)).strip()
            self.lines.append(f"{'  ' * INDENT.get(tag, 2)}{tag}: {text}".rstrip())

    def handle_data(self, data: str) -> None:
        if self._open:
            self._open[-1][1].append(data)


def outline(page: str) -> str:
    """Return what a page shows, one line for each heading, caption, column, term and chart."""
    reader = _Outline()
    reader.feed(re.sub(r"<(style|script)>.*?</\1>", "", page, flags=re.S))
    return "\n".join(dict.fromkeys(reader.lines)) + "\n"


def main() -> None:
    """Write the outline of the report on the hand-made warehouse."""
    from tests.reports_warehouse import reported_page

    with tempfile.TemporaryDirectory() as folder:
        OUTLINE.write_text(outline(reported_page(Path(folder))), encoding="utf-8")


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    main()
