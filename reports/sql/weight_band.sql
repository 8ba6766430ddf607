-- One row per band of match weights, $bits wide: how many proposals are in it, and how many of them people are asked.
-- What is $most bits or more is one band.
-- Grain: (low).
select
  cast(least(floor(match_weight / $bits) * $bits, $most) as integer) as low,
  count(*) as proposals,
  count(*) filter (where match_probability >= $review_above) as asked
from identity.proposal
group by low
order by low
