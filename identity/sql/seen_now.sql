-- One row per identifier asked about, with what can be said before any customer is known: set aside, alone
-- on its keyring, or usable.
-- Grain: (ident).
select
  counted.ident,
  counted.tier,
  case
    when set_aside.ident is not null then set_aside.status
    when coalesce(linking.keyrings, counted.keyrings) <= 1 then 'alone'
    else 'usable'
  end as status,
  set_aside.reason,
  coalesce(linking.first_node, counted.first_node) as first_node,
  counted.keyrings,
  counted.records,
  counted.first_seen,
  counted.last_seen,
  counted.links_from
from temp.counted
left join temp.set_aside using (ident)
left join temp.linking using (ident)
