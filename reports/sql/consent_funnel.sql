-- One row per step from the known customers to those who are activated: how many are left, and how many of the
-- profiles that no mastering source knows are left as well. Whoever is lost at a step counts in none after it.
-- Reachable is who carries an identifier by which people are reached ($contact_tiers) and which is no junk.
-- Grain: (stage).
with
  contact as (
    select distinct cluster.customer_id
    from identity.verdict
    join identity.carried using (identifier)
    join identity.cluster using (keyring)
    where list_contains(cast($contact_tiers as integer[]), verdict.tier)
      and verdict.status not in ('junk', 'generic', 'suppressed')
  ),
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
    left join contact using (customer_id)
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
