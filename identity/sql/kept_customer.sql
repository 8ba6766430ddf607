-- One row per compared customer whose proposals to others like it are kept.
-- Grain: (customer_id).
select numbered.customer_id
from temp.numbered as numbered
anti join temp.to_compare as anew using (owner)
