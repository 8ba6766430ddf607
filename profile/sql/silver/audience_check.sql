-- One row per audience and identified customer: what the audience needs, and what its conditions say of them.
-- is_chosen: `where` holds. suppressed_by: the rules of `suppress` that hold, or of which nobody can tell.
-- This is the audience that always exists; each one of `activation` in c360.yaml comes with such a SELECT.
-- Grain: (audience, customer_id).
select
  'candidates' as audience,
  customer_id,
  ['marketing', 'personalization'] as purposes,
  cast([] as varchar[]) as channels,
  true as is_chosen,
  '' as suppressed_by
from gold.customer_360
join silver.customer_contact_pressure using (customer_id)
