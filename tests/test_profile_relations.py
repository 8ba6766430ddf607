from tests.profile_tables import build, empty_context, given, text


def related(context):
    """Return relation, rows, orphans and those that name nobody."""
    build(context, "silver.relation_orphan")
    columns = "relation, children, orphans, unrelated"
    return text(context, f"select {columns} from silver.relation_orphan order by all")


def people(context):
    given(
        context,
        "identity.customer",
        """
        customer_id is_identified to_run redirects_to
        ann         true          -      -
        visitor     false         -      -
        gone        true          4      ann
        """,
    )


def test_a_row_of_nobody_identified_is_an_orphan_and_one_of_nobody_at_all_unrelated():
    context = empty_context()
    people(context)
    given(
        context,
        "silver.orders",
        """
        record_id customer_id
        o1        ann
        o2        visitor
        o3        gone
        o4        -
        """,
    )

    assert related(context) == ["customer_orders 4 2 1"]


def test_an_item_of_an_order_that_is_not_there_is_an_orphan():
    context = empty_context()
    given(context, "silver.orders", "source record_id\ntill o1\nweb o1")
    given(context, "silver.order_items", "record_id order_id\ni1 o1\ni2 o1\ni3 o9\ni4 -")

    assert "orders_order_items 4 1 1" in related(context)  # o1 of two sources is there once


def test_each_relation_between_entities_is_counted():
    context = empty_context()
    given(context, "silver.returns", "record_id order_id\nr1 o9")
    given(context, "silver.web_events", "record_id session_id\ne1 s9")
    given(context, "silver.ticket_interactions", "record_id ticket_id\nc1 t9")
    given(context, "silver.campaign_events", "record_id campaign_id\nm1 a9")
    given(context, "silver.sessions", "record_id campaign_id\ns1 a9")

    assert [line for line in related(context) if not line.startswith("customer_")] == [
        "campaigns_campaign_events 1 1 0",
        "campaigns_sessions 1 1 0",
        "orders_returns 1 1 0",
        "sessions_web_events 1 1 0",
        "tickets_ticket_interactions 1 1 0",
    ]


def test_everything_that_a_person_makes_belongs_to_a_customer():
    context = empty_context()
    people(context)
    made = (
        "orders",
        "web_events",
        "sessions",
        "campaign_events",
        "preferences",
        "ticket_interactions",
        "tickets",
        "external_profiles",
        "external_sentiment",
    )
    for name in made:
        given(context, f"silver.{name}", "record_id customer_id\nr1 ann\nr2 visitor")

    found = [line for line in related(context) if line.startswith("customer_")]
    assert found == sorted(f"customer_{name} 2 1 0" for name in made)


def test_empty_entities_have_no_relation():
    assert related(empty_context()) == []
