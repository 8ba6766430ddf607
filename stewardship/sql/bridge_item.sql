-- One row per contact or trace value on which two anchored halves of a customer hang.
-- Grain: (item_id).
with
  bridge as (
    select distinct item_id, customer_id, identifier
    from temp.bridge_side
  )
select
  bridge.item_id,
  'weak_bridge' as kind,
  bridge.customer_id as customer_id_l,
  cast(null as varchar) as customer_id_r,
  'two halves with anchors of their own hang on ' || namespace.namespace || ' '
    || shown_value(value.value, value.identifier, namespace.is_hashed, namespace.is_contact) || ' alone' as evidence,
  (1 - coalesce(agreement.share, 0.5)) * namespace.bridge_strength as uncertainty
from bridge
join identity.value using (identifier)
join temp.namespace as namespace using (namespace)
left join temp.agreement using (item_id)
