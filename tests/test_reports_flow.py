from c360.reports.flow import COLUMN, CROWD, PER_ROW, flow_of
from c360.step import Context, Step


def build_nothing(_: Context) -> None:
    pass


def step(table: str, *reads: str, also: tuple[str, ...] = ()) -> Step:
    return Step(table, reads, build_nothing, also)


def rows(flow):
    """Return the labels of the boxes, row by row from top to bottom."""
    return [
        [box.label for box in flow.boxes if box.y == y] for y in sorted({b.y for b in flow.boxes})
    ]


def lines(flow):
    """Return the labels of the boxes that each line joins."""
    return [(flow.boxes[c.source].label, flow.boxes[c.target].label) for c in flow.curves]


def test_each_schema_is_a_band_in_the_order_of_the_flow():
    flow = flow_of(
        [step("bronze.*"), step("identity.member", "bronze.*"), step("gold.kpi_summary")]
    )

    assert [schema for schema, _ in flow.bands] == ["bronze", "identity", "gold"]
    assert rows(flow) == [["every source"], ["member"], ["kpi_summary"]]


def test_silver_is_one_band_though_gold_comes_between():
    flow = flow_of([step("silver.a"), step("gold.b", "silver.a"), step("silver.c")])

    assert [schema for schema, _ in flow.bands] == ["silver", "gold"]


def test_steps_of_another_schema_that_stand_apart_have_bands_apart():
    flow = flow_of([step("ops.a"), step("silver.b", "ops.a"), step("ops.c", "silver.b")])

    assert [schema for schema, _ in flow.bands] == ["ops", "silver", "ops"]


def test_boxes_fill_row_after_row_with_those_first_that_need_no_other():
    steps = [step("gold.late", "gold.t0"), *(step(f"gold.t{n}", f"x.{n}") for n in range(PER_ROW))]
    flow = flow_of([*steps[1:], steps[0]])

    assert rows(flow) == [[f"t{n}" for n in range(PER_ROW)], ["late"]]
    assert [box.x for box in flow.boxes[:2]] == [0, COLUMN]


def test_many_tables_that_read_the_same_are_one_box():
    steps = [step("bronze.*"), *(step(f"silver.t{n}", "bronze.*") for n in range(CROWD))]
    flow = flow_of([*steps, step("gold.kpi_summary", "silver.t0", "silver.t3")])

    assert rows(flow) == [["every source"], ["t0, 3 more"], ["kpi_summary"]]
    assert len(flow.curves) == 2  # one line between two boxes, however many tables it stands for


def test_a_table_written_beside_another_shares_its_box():
    flow = flow_of(
        [step("identity.record", also=("identity.observation",)),
         step("gold.kpi_summary", "identity.observation")]
    )  # fmt: skip

    assert lines(flow) == [("record", "kpi_summary")]


def test_a_line_that_others_imply_is_left_out():
    flow = flow_of(
        [step("bronze.*"), step("silver.a", "bronze.*"), step("gold.b", "silver.a", "bronze.*")]
    )

    assert lines(flow) == [("every source", "a"), ("a", "b")]


def test_a_line_within_a_row_bends_below_it():
    flow = flow_of([step("gold.customer_360"), step("gold.segment_summary", "gold.customer_360")])

    low = flow.boxes[0].y + 26
    assert flow.curves[0].path.startswith(f"M96,{low} C96,{low + 18} ")


def test_no_steps_are_an_empty_drawing():
    assert flow_of([]).boxes == ()
