"""A shop so small that its marts can be checked by eye, and so varied that none is empty."""

from profile_tables import build, empty_context, given

from c360.step import Context

SHOP = {
    "ops.run": """
        run  as_of
        3    2026-01-12
        """,
    "identity.customer": """
        customer_id  is_identified  records  sources
        ann          true           9        4
        bob          true           3        2
        cat          true           2        2
        visitor      false          4        1
        """,
    "identity.change": """
        run  kind    customer_id  other_customer_id
        1    new     ann          -
        3    merged  ann          anna
        3    split   bob          cat
        """,
    "identity.member": """
        source  record_id  keyring  customer_id  resolved_by
        crm     k4         g1       nobody       none
        crm     k5         g2       bob          email
        """,
    "identity.carried": "keyring identifier\ng1 i1\ng2 i1",
    "identity.verdict": "identifier status\ni1 shared",
    "identity.cluster": "keyring customer_id\ng2 bob",
    "silver.customers": """
        source  record_id  customer_id  loyalty_tier  loyalty_points  source_segment preferred_store
        crm     1          ann          GOLD          70              PREMIUM         s1
        crm     2          ann          -             -               -               -
        crm     3          bob          -             -               -               -
        crm     4          lost         -             -               -               -
        """,
    "silver.customer_attribute": """
        customer_id  attribute      value       source  record_id  event_time
        ann          first_name     Ann         crm     1          2026-01-01
        ann          first_name     Anne        crm     2          2026-01-02
        ann          date_of_birth  1990-01-01  crm     2          2026-01-02
        ann          nick           A           crm     1          2026-01-01
        bob          street         Elm1        crm     3          2026-01-01
        bob          postcode       7           crm     3          2026-01-01
        cat          street         elm-1       web     9          2026-01-01
        cat          postcode       7           web     9          2026-01-01
        """,
    "silver.orders": """
        source  record_id  customer_id  event_time  type      status     amount_usd  store_id
        shop    o1         ann          2026-01-01  -         paid       400.00      s1
        shop    o2         ann          2026-01-10  purchase  paid       100.10      -
        shop    o3         bob          2025-01-01  -         paid       50.00       s9
        shop    o4         visitor      2026-01-01  -         paid       7.00        -
        shop    o5         -            2026-01-01  -         paid       3.00        -
        shop    o6         ann          2026-01-01  -         cancelled  999.00      -
        shop    o7         cat          2026-01-02  refund    paid       2.00        -
        """,
    "silver.order_items": """
        source  record_id  customer_id  order_id  product_id  category  quantity  amount_usd
        shop    i1         ann          o1        p1          shoes     1         400.00
        shop    i2         ann          o2        p9          toys      2         100.10
        """,
    "silver.products": "source record_id name category\nshop p1 Boot shoes\nshop p2 Sock shoes",
    "silver.stores": "source record_id name city\nshop s1 Main Bonn\nshop s2 Side Jena",
    "silver.returns": """
        source  record_id  customer_id  order_id  event_time  amount_usd  reason
        shop    r1         ann          o2        2026-01-11  100.10      too_small
        shop    r2         ann          o6        2026-01-11  5.00        -
        """,
    "silver.web_events": """
        source  record_id  customer_id  session_id  event_time  event_type  user_agent
        web     e1         ann          s1          2026-01-10  page_view   -
        web     e2         visitor      s2          2026-01-10  page_view   -
        web     e3         visitor      s2          2026-01-10  page_view   -
        web     e4         robot        s4          2026-01-10  page_view   somebot
        """,
    "silver.sessions": """
        source  record_id  customer_id  event_time  started_at  campaign_id
        web     s3         cat          2026-01-09  2026-01-09  c9
        """,
    "silver.tickets": """
        source  record_id  customer_id  event_time  category   status
        desk    t1         bob          2026-01-10  complaint  open
        """,
    "silver.ticket_interactions": """
        source  record_id  customer_id  event_time  ticket_id  type
        desk    n1         bob          2026-01-11  t1         phone
        """,
    "silver.campaigns": "source record_id name\nmail c1 Spring",
    "silver.campaign_events": """
        source  record_id  customer_id  event_time  campaign_id  is_delivered  is_opened  channel
        mail    m1         ann          2026-01-10  c1           true          false      email
        mail    m2         bob          2024-12-31  -            true          true       email
        mail    m3         bob          2024-12-31  c2           true          true       email
        """,
    "silver.consents": """
        source  record_id  customer_id  purpose          event_time  is_granted  contact_channel
        crm     k1         ann          marketing        2026-01-01  true        -
        crm     k2         ann          personalization  2026-01-01  true        -
        crm     k3         cat          marketing        2026-01-01  true        -
        crm     k4         nobody       marketing        2026-01-01  false       -
        crm     k5         bob          marketing        2026-01-01  true        email
        """,
    "silver.exchange_rates": "source record_id event_time currency usd\nbank x1 2026-01-01 EUR 1.1",
    "silver.preferences": """
        source  record_id  customer_id  type   value  origin
        app     f1         ann          brand  acme   explicit
        """,
    "silver.external_sentiment": """
        source  record_id  customer_id  event_time  provider  type   score
        web     x1         cat          2026-01-05  reviews   brand  0.5
        """,
}


def mart_shop() -> Context:
    """Return the shop with a champion, a lapsed customer, a prospect and a visitor, all built."""
    context = empty_context()
    for table, lines in SHOP.items():
        given(context, table, lines)
    build(context)
    return context
