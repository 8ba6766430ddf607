-- One row per guard attribute of which the given keyrings show several values: how many.
-- Grain: (attribute).
select attribute, count(distinct value) as n
from identity.keyring_attribute
where keyring in (select unnest(cast($keyrings as uuid[])))
group by attribute
having count(distinct value) > 1
order by attribute
