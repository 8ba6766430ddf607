from profile_tables import build, empty_context, given, rows, text


def test_the_latest_value_of_an_attribute_survives():
    context = empty_context()
    given(
        context,
        "silver.customer_attribute",
        """
        customer_id  attribute   value  source  record_id  event_time
        ann          city        Bonn   crm     k1         2026-01-01
        ann          city        Jena   card    k9         2026-01-02
        ann          first_name  Ann    crm     k1         -
        bob          city        Kiel   crm     k3         -
        bob          city        Ulm    crm     k4         2020-01-01
        """,
    )

    build(context, "silver.golden_attribute")

    assert text(
        context,
        "select customer_id, attribute, value from silver.golden_attribute order by all",
    ) == ["ann city Jena", "ann first_name Ann", "bob city Ulm"]


def test_of_two_equally_late_values_the_first_source_and_record_wins():
    context = empty_context()
    given(
        context,
        "silver.customer_attribute",
        """
        customer_id  attribute  value  source  record_id  event_time
        ann          city       Bonn   crm     k1         2026-01-01
        ann          city       Ulm    card    k3         2026-01-01
        ann          city       Jena   card    k2         2026-01-01
        """,
    )

    build(context, "silver.golden_attribute")

    assert text(context, "select value, source, record_id from silver.golden_attribute") == [
        "Jena card k2"
    ]


def test_golden_attributes_become_columns_and_the_others_json():
    context = empty_context()
    given(context, "identity.customer", "customer_id is_identified\nann true\nbob true")
    given(
        context,
        "silver.customer_attribute",
        """
        customer_id  attribute      value
        ann          first_name     Ann
        ann          date_of_birth  1990-02-01
        ann          size           "M"
        ann          colour         red
        bob          date_of_birth  soon
        """,
    )

    build(context, "silver.golden_attribute", "silver.customer_profile_base")

    assert rows(
        context,
        "select first_name, last_name, date_of_birth::varchar, attributes"
        " from silver.customer_profile_base order by customer_id",
    ) == [
        ("Ann", None, "1990-02-01", r'{"colour":"red","size":"\"M\""}'),
        (None, None, None, None),
    ]


def test_only_identified_customers_that_still_exist_have_a_profile():
    context = empty_context()
    given(
        context,
        "identity.customer",
        """
        customer_id  is_identified  redirects_to
        ann          true           -
        visitor      false          -
        dead         true           ann
        """,
    )

    build(context)

    assert text(context, "select customer_id from silver.customer_profile_base") == ["ann"]
    assert text(context, "select customer_id from gold.customer_360") == ["ann"]
    assert text(context, "select customer_id from gold.anonymous_visitor") == ["visitor"]


def test_a_customer_is_known_by_a_record_in_a_source_that_masters_people():
    context = empty_context()
    given(
        context,
        "identity.customer",
        "customer_id is_identified\nann true\nbob true\ncat true",
    )
    given(context, "silver.customers", "source record_id customer_id\ncrm 1 ann\ncrm 2 -")
    given(context, "silver.loyalty_accounts", "source record_id customer_id\ncard 1 bob")
    given(context, "silver.orders", "source record_id customer_id\nshop 1 cat")

    build(context, "silver.golden_attribute", "silver.customer_profile_base")

    assert text(
        context, "select customer_id, is_known from silver.customer_profile_base order by all"
    ) == ["ann True", "bob True", "cat False"]


def test_the_identifiers_shown_are_the_first_seen_that_the_customer_holds_now():
    context = empty_context()
    given(context, "identity.customer", "customer_id is_identified\nann true\nbob true")
    given(
        context,
        "identity.cluster",
        """
        keyring  customer_id
        r1       ann
        r2       ann
        r3       bob
        """,
    )
    links = """
        keyring  namespace       value  status
        r1       crm_contact_id  K2     joined
        r2       crm_contact_id  K1     alone
        r1       loyalty_id      L9     shared
        r3       loyalty_id      L1     alone
        r3       email           x      joined
        """
    given(context, "identity.link", links)
    given(
        context,
        "identity.keyring",
        """
        keyring  first_seen
        r1       2025-01-01
        r2       2025-01-02
        r3       2025-01-01
        """,
    )

    build(context, "silver.golden_attribute", "silver.customer_profile_base")

    assert text(
        context,
        "select customer_id, loyalty_id, crm_contact_id from silver.customer_profile_base"
        " order by customer_id",
    ) == ["ann - K2", "bob L1 -"]


def test_the_preferred_channel_is_the_latest_that_was_named():
    context = empty_context()
    given(context, "identity.customer", "customer_id is_identified\nann true")
    given(
        context,
        "silver.customers",
        """
        source  record_id  customer_id  event_time  preferred_channel
        crm     1          ann          2026-01-01  email
        crm     2          ann          2026-01-02  sms
        crm     3          ann          2026-01-03  -
        """,
    )

    build(context, "silver.golden_attribute", "silver.customer_profile_base")

    assert text(context, "select preferred_channel from silver.customer_profile_base") == ["sms"]
