-- One row per identifier that a reference may mean: a stored value, or the beginning of one or of its
-- digest as explanations show it.
-- Grain: (identifier).
select
  namespace,
  value,
  cast(identifier as varchar) as identifier,
  value in (select unnest(cast($values as varchar[]))) as is_exact
from identity.value
where namespace = $namespace
  and (
    value in (select unnest(cast($values as varchar[])))
    or (
      $beginning is not null
      and (starts_with(value, $beginning) or starts_with(cast(identifier as varchar), $beginning))
    )
  )
order by is_exact desc, value
limit 3
