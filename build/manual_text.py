"""What the generated pages of the manual have in common."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

NOTE = "<!-- 由 build/manual.py 生成，请不要手改 -->\n\n"


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table; bars inside a cell would end it."""
    def line(cells: Iterable[object]) -> str:
        return "| " + " | ".join(str(cell).replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"

    return "\n".join([line(head), line(["---"] * len(head)), *(line(row) for row in rows)]) + "\n"
