-- One row per pair of segments between which customers moved after a run, the most frequent first.
-- Grain: (from_segment, to_segment).
select from_segment, to_segment, count(*) as customers
from gold.segment_change
where run > $since
  and kind = 'moved'
group by from_segment, to_segment
order by customers desc, from_segment, to_segment
limit $shown
