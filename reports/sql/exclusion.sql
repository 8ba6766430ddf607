-- One row per reason for which profiles are kept out of activation, the most frequent first.
-- Grain: (reason).
select reason, count(*) as customers
from gold.activation_excluded
where audience = 'candidates'
group by reason
order by customers desc, reason
limit $shown
