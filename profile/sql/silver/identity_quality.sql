-- One row per identified customer: how much can be relied on who they are, 0 to 100. The reasons add up
-- to the score: numbers that systems gave them, ways to reach them that they share with nobody, and
-- sources that agree on their name and birth date. The points are here.
-- Grain: (customer_id).
with
  held as (
    select
      cluster.customer_id,
      min(link.namespace) filter (where list_contains($mart_key_namespaces, link.namespace)) as first_key,
      max(link.namespace) filter (where list_contains($mart_key_namespaces, link.namespace)) as last_key,
      bool_or(list_contains($mart_email_namespaces, link.namespace)) as has_email,
      bool_or(list_contains($mart_phone_namespaces, link.namespace)) as has_phone
    from identity.link as link
    join identity.cluster as cluster using (keyring)
    where link.status in ('joined', 'alone')
    group by cluster.customer_id
  ),
  comparable as (
    select
      customer_id,
      attribute,
      source,
      case
        when attribute = 'date_of_birth' then coalesce(cast(try_cast(value as date) as varchar), value)
        else regexp_replace(lower(value), '[^\p{L}\p{N}]+', '', 'g')
      end as value
    from silver.customer_attribute
    where attribute in ('first_name', 'last_name', 'date_of_birth')
  ),
  said as (
    select
      customer_id,
      attribute,
      min(value) = max(value) as is_agreed,
      min(source) <> max(source) as is_confirmed
    from comparable
    group by customer_id, attribute
  ),
  agreed as (
    select
      customer_id,
      bool_and(is_agreed) filter (where attribute <> 'date_of_birth') as has_name,
      bool_and(is_confirmed) filter (where attribute <> 'date_of_birth') as has_confirmed_name,
      bool_and(is_agreed) filter (where attribute = 'date_of_birth') as has_birth_date,
      bool_and(is_confirmed) filter (where attribute = 'date_of_birth') as has_confirmed_birth_date
    from said
    group by customer_id
  ),
  given as (
    select
      customer_id,
      case when held.first_key is not null then 30 else 0 end as key_id,
      case when held.first_key <> held.last_key then 10 else 0 end as second_key_id,
      case when held.has_email then 15 else 0 end as email,
      case when held.has_phone then 15 else 0 end as phone,
      case when agreed.has_name and agreed.has_confirmed_name then 15 else 0 end as name_agreed,
      case when agreed.has_name and not agreed.has_confirmed_name then 5 else 0 end
        as name_from_one_source,
      case when agreed.has_birth_date and agreed.has_confirmed_birth_date then 15 else 0 end
        as birth_date_agreed,
      case when agreed.has_birth_date and not agreed.has_confirmed_birth_date then 5 else 0 end
        as birth_date_from_one_source
    from silver.customer_profile_base
    left join held using (customer_id)
    left join agreed using (customer_id)
  )
select
  customer_id,
  key_id + second_key_id + email + phone + name_agreed + name_from_one_source + birth_date_agreed
    + birth_date_from_one_source as identity_quality_score,
  concat_ws(
    ', ',
    'key_id +' || nullif(key_id, 0),
    'second_key_id +' || nullif(second_key_id, 0),
    'email +' || nullif(email, 0),
    'phone +' || nullif(phone, 0),
    'name_agreed +' || nullif(name_agreed, 0),
    'name_from_one_source +' || nullif(name_from_one_source, 0),
    'birth_date_agreed +' || nullif(birth_date_agreed, 0),
    'birth_date_from_one_source +' || nullif(birth_date_from_one_source, 0)
  ) as identity_quality_reasons
from given
