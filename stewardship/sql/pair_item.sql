-- One row per pair of customers that values could not bring together, with the evidence in words. The
-- strongest value says the kind: an anchor conflict where its guard is a namespace of which both hold values. Of a
-- pair that is also proposed the evidence has both, and the uncertainty is the greater of the two.
-- Grain: (item_id).
with
  worded as (
    select
      pair_value.item_id,
      verdict.status,
      split_part(verdict.reason, ':', 1) as guard,
      namespace.pair_strength,
      namespace.namespace || ' ' || shown_value(value.value, value.identifier, namespace.is_hashed, namespace.is_contact)
        || ' (' || verdict.status || ' between ' || pair_value.customers || ' customers; ' || verdict.reason || ')' as words,
      row_number() over (partition by pair_value.item_id order by verdict.tier, value.value) as place
    from temp.pair_value
    join identity.verdict using (identifier)
    join identity.value using (identifier)
    join temp.namespace as namespace using (tier)
  ),
  told as (
    select
      item_id,
      any_value(status) filter (where place = 1) as status,
      any_value(guard) filter (where place = 1) as guard,
      any_value(pair_strength) filter (where place = 1) as strength,
      string_agg(words, ', ' order by place) filter (where place <= $most_told)
        || if(count(*) > $most_told, ' and ' || count(*) - $most_told || ' more', '') as words
    from worded
    group by item_id
  )
select
  pair.item_id,
  case
    when held_l.namespace is not null and held_r.namespace is not null then 'anchor_conflict'
    when told.status = 'refused' then 'refused_link'
    else 'shared_value'
  end as kind,
  pair.customer_id_l,
  pair.customer_id_r,
  'both carry ' || told.words || coalesce('; ' || probable.evidence, '') as evidence,
  greatest(coalesce(agreement.share, 0.5) * told.strength, probable.match_probability) as uncertainty
from temp.pair
join told on told.item_id = pair.item_id
left join temp.probable on probable.item_id = pair.item_id
left join temp.agreement on agreement.item_id = pair.item_id
left join temp.held_namespace as held_l
  on held_l.item_id = pair.item_id
  and held_l.side = 'l'
  and held_l.namespace = told.guard
left join temp.held_namespace as held_r
  on held_r.item_id = pair.item_id
  and held_r.side = 'r'
  and held_r.namespace = told.guard
