-- One row per owner and what two may have to share: values of fields, names, initials, words.
-- Grain: (owner, part, value).
with
  typed as (
    select valued.owner, valued.field, typed_field.type, valued.value
    from temp.valued
    join temp.typed_field using (field)
  ),
  first_name as (
    select owner, value
    from typed
    where type = 'first_name'
  ),
  last_name as (
    select owner, value
    from typed
    where type = 'last_name'
  ),
  every_part as (
    select owner, field as part, value
    from typed
    union all
    select owner, 'a name' as part, value
    from (from first_name union from last_name)
    union all
    select distinct owner, 'an initial' as part, left(value, 1) as value
    from (from first_name union from last_name)
    union all
    select distinct
      owner,
      'the whole name' as part,
      least(first_name.value, last_name.value) || ' ' || greatest(first_name.value, last_name.value) as value
    from first_name
    join last_name using (owner)
    union all
    select distinct owner, 'a word' as part, word as value
    from (
      select owner, unnest(string_split(value, ' ')) as word
      from typed
      where type in ('full_name', 'free_text')
    )
    where length(word) > 2
    union all
    select distinct owner, 'every pair' as part, '' as value
    from typed
  ),
  chosen as (
    select part, unnest(string_split(part, ' + ')) as field
    from temp.ladder_part
    where contains(part, ' + ')
  ),
  whole as (
    select part, count(*) as fields
    from chosen
    group by part
  ),
  -- A rule of the configuration: all its fields, by the first value of each.
  combined as (
    select typed.owner, chosen.part, string_agg(typed.value, ' + ' order by chosen.field) as value
    from chosen
    join whole using (part)
    join temp.valued as typed on typed.field = chosen.field and typed.place = 1
    group by typed.owner, chosen.part, whole.fields
    having count(*) = whole.fields
  )
select owner, part, value
from every_part
where part in (select part from temp.ladder_part)
union all
select owner, part, value
from combined
