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


def test_of_what_sources_say_of_a_customer_the_latest_word_counts():
    context = empty_context()
    given(context, "identity.customer", "customer_id is_identified\nann true\nbob true")
    given(
        context,
        "silver.customers",
        """
        source  record_id  customer_id  event_time  preferred_store  source_segment  loyalty_tier
        crm     1          ann          2026-01-01  s1               BASIC           SILVER
        crm     2          ann          2026-01-02  -                PREMIUM         GOLD
        web     3          bob          2026-01-01  s2               -               SILVER
        """,
    )
    given(
        context,
        "silver.loyalty_accounts",
        """
        source  record_id  customer_id  event_time  tier
        card    1          ann          2025-01-01  BRONZE
        card    2          ann          2025-01-02  -
        """,
    )

    build(context, "silver.golden_attribute", "silver.customer_profile_base")

    assert text(
        context,
        "select customer_id, preferred_store, source_segment, loyalty_tier"
        " from silver.customer_profile_base order by customer_id",
    ) == ["ann s1 PREMIUM BRONZE", "bob s2 - SILVER"]


def test_the_quality_of_an_identity_is_the_sum_of_its_reasons():
    context = empty_context()
    given(
        context,
        "identity.customer",
        "customer_id is_identified\nann true\nbob true\ncat true\ndan true",
    )
    given(
        context,
        "identity.cluster",
        """
        keyring  customer_id
        k1       ann
        k2       bob
        k3       cat
        """,
    )
    given(
        context,
        "identity.link",
        """
        keyring  namespace       value  status
        k1       loyalty_id      L1     joined
        k1       crm_contact_id  K1     alone
        k1       crm_contact_id  K2     alone
        k1       email           e1     joined
        k1       phone           p1     alone
        k2       loyalty_id      L2     alone
        k2       email           e2     shared
        k2       phone           0      junk
        k3       device_id       d1     joined
        """,
    )
    given(
        context,
        "silver.customer_attribute",
        """
        source  record_id  customer_id  attribute      value
        crm     1          ann          first_name     Ann
        card    1          ann          first_name     ANN
        crm     1          ann          last_name      O'Hara
        card    1          ann          last_name      Ohara
        crm     1          ann          date_of_birth  1990-02-01
        card    1          ann          date_of_birth  1990-02-01
        crm     2          bob          first_name     Bob
        crm     2          bob          date_of_birth  1980-01-01
        card    2          bob          date_of_birth  1980-01-02
        crm     3          cat          first_name     Cat
        card    3          cat          first_name     Cat
        card    3          cat          last_name      Low
        """,
    )

    build(
        context,
        "silver.golden_attribute",
        "silver.customer_profile_base",
        "silver.identity_quality",
    )

    assert rows(context, "from silver.identity_quality order by customer_id") == [
        (
            "ann",
            100,
            "key_id +30, second_key_id +10, email +15, phone +15, name_agreed +15,"
            " birth_date_agreed +15",
        ),
        ("bob", 35, "key_id +30, name_from_one_source +5"),  # two birth dates agree on nothing
        ("cat", 5, "name_from_one_source +5"),
        ("dan", 0, ""),
    ]
