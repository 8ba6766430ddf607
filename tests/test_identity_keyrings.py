"""How the mapping of a source becomes SQL."""

from identity_rows import settings_for

from c360.identity.keyrings import sighted_sql


def test_a_source_tells_of_each_record_its_key_time_identifiers_and_keyring():
    settings = settings_for(
        {
            "card": {"strength": "anchor"},
            "key": {"strength": "contact", "all_of": ["name", "born"]},
            "mail": {"strength": "contact", "normalise": "email"},
        },
        guards={"one_per_person": ["born"]},
        attributes=["name", "born"],
    )

    assert sighted_sql(settings, "feed", settings.sources["feed"]).strip() == EXPECTED


EXPECTED = """
with row as (
  select
    cast("id" as VARCHAR) as record_id,
    cast(try_cast("seen_at" as TIMESTAMPTZ) as TIMESTAMP) as event_time,
    normalise_plain("card") as "id:card",
    normalise_attribute("name") || chr(31) || normalise_attribute("born") as "id:key",
    normalise_email("mail") as "id:mail",
    normalise_attribute("born") as "at:born"
  from bronze."feed__current"
  where true
)
select
  *,
  digest(concat_ws(
    chr(30),
    getvariable('keyring_salt'),
    'at:born=' || "at:born",
    'id:card=' || "id:card",
    'id:key=' || "id:key",
    'id:mail=' || "id:mail"
  )) as keyring
from row
""".strip()
