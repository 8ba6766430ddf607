-- One row per size class of customers: how many have that many records.
-- Grain: (least).
with
  size_class as (
    select
      unnest([1, 2, 3, 6, 11, 21, 51, 101, 1001]) as least,
      unnest([1, 2, 5, 10, 20, 50, 100, 1000, 9223372036854775807]) as most,
      unnest(['1', '2', '3 to 5', '6 to 10', '11 to 20', '21 to 50', '51 to 100', '101 to 1,000', 'over 1,000'])
        as label
  )
select
  least,
  label,
  count(*) filter (where is_identified) as identified,
  count(*) filter (where not is_identified) as anonymous
from size_class
join identity.customer on customer.records between least and most
where customer.redirects_to is null
  and customer.to_run is null
group by least, label
order by least
