-- One row per proposal that is asked, with the evidence in words: the guards that stand between the two, the
-- comparisons by what they add or take, those that say nothing left out, and what any two begin with.
-- Grain: (item_id).
with
  weighed as (
    select
      proposed.item_id,
      string_agg(
        if(weight.place = 0, 'prior', printable(weight.words)) || format(' {:+.1f}', weight.weight),
        ', ' order by weight.place = 0, abs(weight.weight) desc, weight.place
      ) as words
    from temp.proposed
    join identity.proposal_weight as weight using (customer_id_l, customer_id_r)
    where weight.place = 0
      or abs(weight.weight) >= 0.05
    group by proposed.item_id
  ),
  stopped as (
    select item_id, string_agg(words, '; ' order by place) as words
    from temp.guarded
    group by item_id
  )
select
  proposed.item_id,
  proposed.customer_id_l,
  proposed.customer_id_r,
  proposed.model,
  proposed.match_weight,
  proposed.match_probability,
  stopped.words is not null as is_guarded,
  coalesce(stopped.words || '; ', '')
    || 'probable match ' || told_probability(proposed.match_probability)
    || format(', weight {:.1f}', proposed.match_weight)
    || coalesce(': ' || weighed.words, '') as evidence
from temp.proposed
left join weighed using (item_id)
left join stopped using (item_id)
