-- One row per person whom a master system of the sample names.
-- Grain: (person).
with
  master as (
    select 'customers' as source, contact_id as record_id, first_name, last_name, date_of_birth
    from bronze.customers__current
    union all
    select 'loyalty_accounts' as source, loyalty_id as record_id, first_name, last_name, date_of_birth
    from bronze.loyalty_accounts__current
  )
select
  truth.person,
  lower(min(master.first_name || ' ' || master.last_name)) as full_name,
  lower(min(master.last_name)) as surname,
  min(master.date_of_birth) as born
from master
join temp.truth using (source, record_id)
where master.last_name is not null
group by truth.person
