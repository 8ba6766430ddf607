import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from identity_rows import NOON, settings_for

from c360.identity.explain_customer import explain_customer
from c360.identity.explain_reference import find_subject
from c360.reports.customer_drawing import (
    HEIGHT,
    LETTERS,
    ROWS,
    STEP,
    WIDTH,
    CustomerDrawing,
    draw_customer,
)
from c360.step import Context
from c360.workspace import Workspace

IDENTIFIERS: dict[str, Any] = {
    "card": {"strength": "anchor"},
    "email": {"strength": "contact"},
}


@pytest.fixture
def drawn(given: Any, tmp_path: Path) -> Callable[..., CustomerDrawing]:
    """Resolve rows, and draw the customer of the first one."""

    def drawing(rows: list[dict[str, str]]) -> CustomerDrawing:
        resolved = given(IDENTIFIERS, rows)
        settings = settings_for(IDENTIFIERS)
        context = Context(resolved.con, settings, Workspace(tmp_path), NOON, 1)
        subject = find_subject(context, f"feed:{rows[0]['id']}", None)
        return draw_customer(explain_customer(context, subject, None, most=3))

    return drawing


def kinds(drawing: CustomerDrawing) -> list[str]:
    return [box.kind for box in drawing.boxes]


def test_what_alone_joins_records_stands_out(drawn):
    drawing = drawn(
        [
            {"id": "a", "card": "K1", "email": "ann@shop.example"},
            {"id": "b", "email": "ann@shop.example"},
        ]
    )

    assert sorted(set(kinds(drawing))) == ["record", "weak"]
    assert "1 weak link among these" in drawing.summary


def test_what_joins_nobody_is_told_apart(drawn):
    drawing = drawn(
        [
            {"id": "a", "card": "K1", "email": "both@shop.example"},
            {"id": "b", "card": "K2", "email": "both@shop.example"},
            {"id": "c", "card": "K1"},
        ]
    )

    assert "unused" in kinds(drawing)
    assert any(edge.kind == "unused" for edge in drawing.edges)
    assert "1 value joining nobody" in drawing.summary


def test_no_value_and_no_name_of_a_record_is_drawn(drawn):
    drawing = drawn(
        [
            {"id": "secret-record", "card": "K-secret", "email": "secret@shop.example"},
            {"id": "b", "card": "K-secret", "email": "secret@shop.example"},
        ]
    )

    assert "secret" not in repr(drawing)


def test_a_large_customer_has_few_boxes(drawn):
    rows = [{"id": f"r{n}", "card": "K1", "email": f"{n}@shop.example"} for n in range(20)]
    rows += [{"id": f"s{n}", "email": f"{n}@shop.example"} for n in range(20)]

    drawing = drawn(rows)

    assert len(drawing.boxes) <= 3 * ROWS
    assert drawing.is_folded
    assert all(len(box.title) <= LETTERS for box in drawing.boxes)


def test_every_box_has_a_line_and_no_line_passes_a_box(drawn):
    rows = [{"id": f"r{n}", "card": "K1", "email": f"{n}@shop.example"} for n in range(20)]
    rows += [{"id": f"s{n}", "email": f"{n}@shop.example"} for n in range(20)]
    rows += [{"id": "other", "card": "K2", "email": "both@shop.example"}]
    rows += [{"id": "one", "card": "K1", "email": "both@shop.example"}]

    drawing = drawn(rows)

    ends = [
        tuple(int(number) for number in re.split(r"[MC ]", edge.path) if number)
        for edge in drawing.edges
    ]
    touched = {point for end in ends for point in (end[:2], end[-2:])}
    sides = {
        box: {(box.x + side, box.y + HEIGHT // 2) for side in (0, WIDTH)} for box in drawing.boxes
    }
    assert {box.kind for box in drawing.boxes} >= {"record", "unused"}
    assert all(own & touched for own in sides.values())
    assert {end[-2] - end[0] for end in ends} == {STEP - WIDTH}
