-- One row per merge of a person that a keep_apart forbids, with the two customers that it could not bring
-- together. What a rule accepted against it is revoked, and asks nobody.
-- Grain: (item_id).
with
  forbidden as (
    select
      verdict.identifier,
      value.value as merge_id,
      regexp_extract(verdict.reason, '^keep_apart ([^:]+)', 1) as keep_apart_id,
      least(verdict.customer_l, verdict.customer_r) as customer_id_l,
      greatest(verdict.customer_l, verdict.customer_r) as customer_id_r
    from identity.verdict
    join identity.value using (identifier)
    anti join (from stewardship.decision where starts_with(provenance, 'rule:')) as ruled
      on ruled.decision_id = value.value
    where value.namespace = 'decision'
      and verdict.status in ('shared', 'refused')
  )
select
  item_id_of(['conflict', merge_id, keep_apart_id]) as item_id,
  identifier,
  merge_id,
  keep_apart_id,
  customer_id_l,
  customer_id_r
from forbidden
where customer_id_l < customer_id_r
