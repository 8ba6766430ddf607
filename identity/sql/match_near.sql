-- One row per customer, field and value that may put the customer into a block with a row of the list: it is equal to
-- a value of the row, a name of it in whatever place, or a text with a word of it. Where an initial is asked, all
-- names of those that agree on what is asked before it.
-- Grain: (owner, field, place).
with
  typed as (
    select asked.field, asked.value, typed_field.type
    from temp.match_value as asked
    join temp.typed_field using (field)
  ),
  asked_name as (
    select distinct value
    from typed
    where type in ('first_name', 'last_name')
  ),
  asked_word as (
    select distinct unnest(string_split(value, ' ')) as word
    from typed
    where type in ('full_name', 'free_text')
  ),
  compared as (
    select compared.customer_id, compared.field, compared.value, compared.place, typed_field.type
    from identity.compared_value as compared
    join temp.typed_field using (field)
  ),
  worded as (
    select customer_id, field, value, place, unnest(string_split(value, ' ')) as word
    from compared
    where type in ('full_name', 'free_text')
  ),
  near as (
    select customer_id, field, value, place
    from compared
    semi join typed using (field, value)
    union
    select customer_id, field, value, place
    from compared
    semi join asked_name using (value)
    where type in ('first_name', 'last_name')
    union
    select customer_id, field, value, place
    from worded
    semi join asked_word using (word)
  ),
  initialled as (
    select customer_id
    from near
    where list_contains($before_initial, field)
  ),
  found as (
    select customer_id, field, value, place
    from near
    union
    select customer_id, field, value, place
    from compared
    semi join initialled using (customer_id)
    where type in ('first_name', 'last_name')
  )
select customer.owner, found.field, found.value, found.place
from found
join temp.match_customer as customer using (customer_id)
