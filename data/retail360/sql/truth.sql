-- One row per CRM contact: the person it truly is.
-- Grain: (source, record_id).
select
  'customers' as source,
  customer_id(range) as record_id,
  numbered('P', person_of(range), 9) as person
from range(getvariable('first'), getvariable('last'))
