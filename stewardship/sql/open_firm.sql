-- One row per firm identifier of a customer of which no keyring carries them all: where one does, which is the
-- rule, the customer is in one part.
-- Grain: (identifier).
with
  met as (
    select firm.cluster, max(meeting.identifiers) as identifiers
    from temp.firm_meeting as meeting
    join temp.firm using (identifier)
    group by firm.cluster
  ),
  counted as (
    select cluster, count(*) as identifiers
    from temp.firm
    group by cluster
  )
select firm.identifier, firm.tier, firm.cluster
from temp.firm
join counted using (cluster)
left join met using (cluster)
where counted.identifiers > coalesce(met.identifiers, 0)
