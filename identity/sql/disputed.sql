-- One row per keyring that carries a value which was shared and is to be asked again.
-- Grain: (keyring).
select distinct keyring
from identity.carried
where identifier in (
  select identifier
  from temp.affected_identifier
  left join temp.run_asked as asked using (identifier)
  join identity.verdict as past using (identifier)
  where past.status = 'shared'
    and coalesce(asked.status, 'usable') = 'usable'
)
