-- One row per dead customer whose redirect this run makes or changes. A redirect always names a living
-- customer, where there is one.
-- Grain: (customer_id).
select customer_id, redirects_to
from temp.run_redirect
union all
select past.customer_id, redirect.redirects_to
from identity.customer as past
join temp.run_redirect as redirect on redirect.customer_id = past.redirects_to
where past.to_run is null
