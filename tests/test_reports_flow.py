from c360.reports.flow import BOX_WIDTH, COLUMN, CROWD, flow_of
from c360.step import Context, Step


def build_nothing(_: Context) -> None:
    pass


def step(table: str, *reads: str, also: tuple[str, ...] = ()) -> Step:
    return Step(table, reads, build_nothing, also)


def test_each_schema_is_a_column_in_the_order_of_the_flow():
    flow = flow_of(
        [step("bronze.*"), step("identity.member", "bronze.*"), step("gold.kpi_summary")]
    )

    assert [schema for schema, _ in flow.columns] == ["bronze", "identity", "gold"]
    assert [(box.label, box.x) for box in flow.boxes] == [
        ("every source", 0),
        ("member", COLUMN),
        ("kpi_summary", 2 * COLUMN),
    ]


def test_many_tables_that_read_the_same_are_one_box():
    steps = [step("bronze.*"), *(step(f"silver.t{n}", "bronze.*") for n in range(CROWD))]
    flow = flow_of([*steps, step("gold.kpi_summary", "silver.t0", "silver.t3")])

    assert [box.label for box in flow.boxes] == ["every source", "t0, 3 more", "kpi_summary"]
    assert len(flow.curves) == 2  # one line between two boxes, however many tables it stands for


def test_a_table_written_beside_another_shares_its_box():
    flow = flow_of(
        [step("identity.record", also=("identity.observation",)),
         step("gold.kpi_summary", "identity.observation")]
    )  # fmt: skip

    assert len(flow.boxes) == 2
    assert len(flow.curves) == 1


def test_a_line_inside_a_column_bends_round_on_the_right():
    flow = flow_of([step("gold.customer_360"), step("gold.segment_summary", "gold.customer_360")])

    assert flow.curves[0].startswith(f"M{BOX_WIDTH},")
    assert flow.curves[0].endswith(f" {BOX_WIDTH},{flow.boxes[1].y + 13}")


def test_no_steps_are_an_empty_drawing():
    assert flow_of([]).boxes == ()
