from dataclasses import replace

import pytest
from profile_tables import build, empty_context, given, rows

from c360.profile.exports import LOGS, STAR, WRITTEN, export_gold, exported
from c360.workspace import Workspace


@pytest.fixture
def context(tmp_path):
    context = empty_context(tmp_path)
    given(
        context,
        "identity.customer",
        "customer_id is_identified\ncat true\nann true\nbob true\nvisitor false",
    )
    given(
        context, "silver.customers", "source record_id customer_id\ncrm 1 ann\ncrm 2 bob\ncrm 3 cat"
    )
    given(
        context,
        "silver.customer_attribute",
        "customer_id attribute value source record_id event_time\nann city =1+1 crm 1 2026-01-01",
    )
    given(
        context,
        "silver.consents",
        "customer_id purpose event_time is_granted\nann marketing 2026-01-01 true",
    )
    given(
        context,
        "silver.orders",
        "source record_id customer_id event_time status amount_usd\n"
        "shop o1 ann 2026-01-01 paid 28142.12",
    )
    build(context)
    yield context
    context.con.close()


def test_every_mart_is_written_as_parquet_and_csv_in_the_order_of_its_grain(context):
    export_gold(context)

    written = {path.name for path in context.workspace.gold("").iterdir()} - {WRITTEN}
    marts = exported(context)
    assert written == {f"{mart}.{suffix}" for mart in marts for suffix in ("parquet", "csv")}
    assert rows(
        context,
        f"select customer_id from '{context.workspace.gold('customer_360.parquet')}'",
    ) == [("ann",), ("bob",), ("cat",)]
    assert context.workspace.silver("customer_profile_base.parquet").exists()


def test_every_gold_mart_is_exported_but_the_logs_and_the_star(context):
    marts = rows(
        context,
        "select table_name from information_schema.tables where table_schema = 'gold'",
    )

    kept = {name for (name,) in marts} - exported(context).keys()
    assert {name for name in kept if not name.startswith(STAR)} == set(LOGS)


def test_the_metrics_are_written_as_people_read_them(context):
    export_gold(context)

    text = context.workspace.gold("kpi_summary.csv").read_text(encoding="utf-8")
    values = dict(line.split(",")[:2] for line in text.splitlines())
    assert values["metric"] == "value"
    assert values["customers"] == "3"
    assert values["gross_revenue_usd"] == "28142.12"
    assert values["marketing_consent_rate"] == "0.3333"
    assert values["avg_customer_value_score"] == "23.33"


def test_a_cell_that_a_spreadsheet_would_run_is_escaped_in_csv_only(context):
    export_gold(context)

    assert "'=1+1" in context.workspace.gold("customer_360.csv").read_text(encoding="utf-8")
    assert rows(
        context,
        f"from (select city from '{context.workspace.gold('customer_360.parquet')}')"
        " where city is not null",
    ) == [("=1+1",)]


def test_equal_marts_give_equal_bytes(context, tmp_path):
    export_gold(context)
    again = replace(context, workspace=Workspace(tmp_path / "again"))
    build(again)
    export_gold(again)

    for mart in exported(context):
        for suffix in ("parquet", "csv"):
            name = f"{mart}.{suffix}"
            assert (
                context.workspace.gold(name).read_bytes() == again.workspace.gold(name).read_bytes()
            )


def test_a_file_is_written_again_only_where_its_rows_are_others_or_somebody_touched_it(context):
    export_gold(context)
    gold = context.workspace.gold
    first = {path.name: path.stat().st_mtime_ns for path in gold("").iterdir()}
    gold("loyalty.csv").unlink()
    gold("payment_mix.csv").write_text("somebody's own", encoding="utf-8")
    context.con.execute("update gold.rfm set recency_score = 9 where customer_id = 'ann'")

    export_gold(context, is_full=False)

    again = {
        path.name
        for path in gold("").iterdir()
        if path.stat().st_mtime_ns != first.get(path.name) and path.name != WRITTEN
    }
    assert again == {
        f"{mart}.{suffix}"
        for mart in ("loyalty", "payment_mix", "rfm")
        for suffix in ("parquet", "csv")
    }
    assert "somebody" not in gold("payment_mix.csv").read_text(encoding="utf-8")
    assert rows(context, f"select recency_score from '{gold('rfm.parquet')}'") == [(9,)]
