-- One row per part and value that its records carry.
-- Grain: (part, namespace, value).
select
  part_keyring.part,
  link.namespace,
  link.value,
  min(link.tier) as tier,
  min(link.status) as status,
  min(link.reason) as reason
from temp.part_keyring
join identity.link using (keyring)
group by part_keyring.part, link.namespace, link.value
