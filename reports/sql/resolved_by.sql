-- One row per namespace that resolved records ('none': no value of theirs can stand for a person).
-- Grain: (namespace).
select resolved_by as namespace, count(*) as records
from identity.member
where to_run is null
group by resolved_by
order by list_position(cast($namespaces as varchar[]), namespace) nulls last, namespace
