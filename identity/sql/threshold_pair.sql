-- One row per proposal: the pairs of labelled records that it would add, and how many of them are one person.
-- Grain: (customer_id_l, customer_id_r).
with
  labelled as (
    select customer_id, any_value(customer_records) as records
    from temp.evaluation_cell
    group by customer_id
  ),
  agreed as (
    select proposal.customer_id_l, proposal.customer_id_r, sum(l.records * r.records) as pairs
    from identity.proposal as proposal
    join temp.evaluation_cell as l on l.customer_id = proposal.customer_id_l
    join temp.evaluation_cell as r
      on r.customer_id = proposal.customer_id_r
      and r.person = l.person
    group by proposal.customer_id_l, proposal.customer_id_r
  )
select
  proposal.customer_id_l,
  proposal.customer_id_r,
  proposal.match_probability,
  coalesce(l.records * r.records, 0) as found_pairs,
  coalesce(agreed.pairs, 0) as right_pairs
from identity.proposal as proposal
left join labelled as l on l.customer_id = proposal.customer_id_l
left join labelled as r on r.customer_id = proposal.customer_id_r
left join agreed using (customer_id_l, customer_id_r)
