-- One row per customer of which another took the records that might have kept its id.
-- Grain: (customer_id).
select claim.customer_id, kept.customer_id as redirects_to
from temp.claim
join temp.kept using (part)
where claim.customer_id <> kept.customer_id
