-- One row per identified customer and thing that they prefer. What the person said counts before what they
-- did, and that before what was inferred; of equals the latest. A preference that was taken back is none,
-- and one that another replaced says nothing.
-- Grain: (customer_id, type, value).
with
  worth (origin, place) as (
    values
      ('explicit', 1),
      ('implicit', 2),
      ('inferred', 3)
  ),
  stated as (
    select
      customer_id,
      lower(trim(type)) as type,
      lower(trim(value)) as value,
      coalesce(lower(trim(origin)), 'inferred') as origin,
      coalesce(lower(trim(status)), 'active') as status,
      strength,
      event_time,
      source,
      record_id
    from silver.preferences
    where trim(type) <> ''
      and trim(value) <> ''
  ),
  ranked as (
    select
      customer_id,
      type,
      value,
      origin,
      status,
      strength,
      event_time,
      row_number() over (
        partition by customer_id, type, value
        order by coalesce(worth.place, 3), event_time desc nulls last, source, record_id
      ) as place
    from stated
    left join worth using (origin)
    where status <> 'overridden'
  )
select
  customer_id,
  type,
  value,
  origin,
  strength,
  event_time as stated_at
from silver.customer_profile_base
join ranked using (customer_id)
where ranked.place = 1
  and status = 'active'
