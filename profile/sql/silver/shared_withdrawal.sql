-- One row per customer and withdrawal that came by nothing but values which several customers share: it is
-- a no of each of them, because nobody can tell whose it is. carried_by: the keyrings of the customer that
-- carry such a value.
-- Grain: (customer_id, source, record_id).
select
  cluster.customer_id,
  told.source,
  told.record_id,
  told.event_time,
  told.purpose,
  told.contact_channel,
  told.is_unanswered,
  told.channel,
  told.policy_version,
  told.keyring,
  list_sort(list(distinct shared.keyring)) as carried_by
from silver.consent_event as told
join identity.carried as carried on carried.keyring = told.keyring
join identity.verdict as verdict on verdict.identifier = carried.identifier
join identity.carried as shared on shared.identifier = carried.identifier
join identity.cluster as cluster on cluster.keyring = shared.keyring
where told.resolved_by = 'none'
  and not told.is_granted
  and verdict.status in ('shared', 'refused')
group by
  cluster.customer_id,
  told.source,
  told.record_id,
  told.event_time,
  told.purpose,
  told.contact_channel,
  told.is_unanswered,
  told.channel,
  told.policy_version,
  told.keyring
