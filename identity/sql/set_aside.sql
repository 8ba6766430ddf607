-- One row per identifier asked about that can stand for nobody, whoever the customers are: junk,
-- suppressed, or generic, which is seen with more than $generic_after different values of one other
-- namespace, visits aside.
-- Grain: (ident).
with
  junk as (
    select ident
    from temp.code
    where is_junk
  ),
  suppressed as (
    select ident, suppressed.reason
    from temp.suppressed
    join temp.code using (identifier)
    anti join junk using (ident)
  ),
  -- A value on n keyrings is seen with at most n values of another namespace.
  frequent as (
    select ident, tier
    from temp.counted
    anti join junk using (ident)
    anti join suppressed using (ident)
    where keyrings > $generic_after
      and tier > 0
  ),
  carrier as (
    select frequent.ident, frequent.tier, coded.node
    from temp.coded
    join frequent using (ident)
  ),
  company as (
    select carrier.ident, other.tier as other, count(distinct other.ident) as n
    from temp.coded as other
    join carrier using (node)
    anti join junk on junk.ident = other.ident
    where other.tier <> carrier.tier
      and not list_contains($visit_tiers, other.tier)
    group by carrier.ident, other.tier
    having count(distinct other.ident) > $generic_after
  ),
  most as (
    select ident, max(n) as n
    from company
    group by ident
  ),
  -- Of two namespaces that keep equally much company the first by name is told.
  generic as (
    select company.ident, company.n, min(tier.namespace) as other
    from company
    join most using (ident, n)
    join temp.tier on tier.tier = company.other
    group by company.ident, company.n
  )
select ident, 'junk' as status, 'on the junk list' as reason
from junk
semi join temp.counted using (ident)
union all
select ident, 'suppressed' as status, reason
from suppressed
semi join temp.counted using (ident)
union all
select
  ident,
  'generic' as status,
  'seen with ' || n || ' values of ' || other || ', at most ' || $generic_after as reason
from generic
