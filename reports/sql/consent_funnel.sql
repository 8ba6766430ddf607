-- One row per step from the known customers to those who are activated: how many are left, and how many of the
-- profiles that no mastering source knows are left as well. Whoever is lost at a step counts in none after it.
-- Grain: (stage).
with
  candidate as (
    select distinct customer_id
    from gold.activation_candidates
  ),
  profile as (
    select
      customer_360.is_known,
      case
        when contact.customer_id is null then 1
        when not customer_360.marketing_consent then 2
        when not customer_360.personalization_consent then 3
        when candidate.customer_id is null then 4
        else 5
      end as reached
    from gold.customer_360
    left join temp.reachable_customer as contact using (customer_id)
    left join candidate using (customer_id)
  ),
  stage (stage, label) as (
    values
      (1, 'Known'),
      (2, 'Reachable'),
      (3, 'Agree to marketing'),
      (4, 'Agree to personalization'),
      (5, 'Activated')
  )
select
  stage,
  label,
  count(*) filter (where is_known and reached >= stage) as known,
  count(*) filter (where not is_known and reached >= stage) as unknown
from stage
left join profile on true
group by stage, label
order by stage
