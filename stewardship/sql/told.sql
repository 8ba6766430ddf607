-- One row per holder, field (by its place) and value of it: what is compared, and what is shown.
-- Grain: (holder, place, value).
with
  attributed as (
    select distinct holding.holder, bearer_text.place, bearer_text.text
    from temp.holding
    join temp.bearer_text using (bearer)
  )
select attributed.holder, attributed.place, plain.value, min(plain.printable) as text
from attributed
join temp.plain using (text)
group by attributed.holder, attributed.place, plain.value
union all
select
  held.holder,
  field.place,
  cast(held.identifier as varchar) as value,
  shown_value(value.value, held.identifier, held.is_hashed, held.is_contact) as text
from temp.held_identifier as held
join identity.value on value.identifier = held.identifier
join temp.field on field.field = held.namespace
