-- One row per keep_apart and anchor that only one of its sides carries, and that may stand for a person.
-- Grain: (question, identifier).
select
  seen.question,
  min(seen.side) as side,
  value.namespace || ':' || value.value as identifier
from temp.seen_record as seen
join temp.question using (question)
join identity.carried using (keyring)
join identity.value using (identifier)
join identity.verdict using (identifier)
where question.kind = 'keep_apart'
  and list_contains($anchors, value.namespace)
  and verdict.status in ('joined', 'alone')
group by seen.question, value.namespace, value.value
having min(seen.side) = max(seen.side)
