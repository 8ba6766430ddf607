-- One row per merge or split of a run, of each kind the $shown that moved most records. The evidence begins
-- with their number; the beginning of a value that it quotes stays here.
-- Grain: (kind, customer_id, other_customer_id).
with
  ranked as (
    select
      kind,
      customer_id,
      other_customer_id,
      regexp_replace(evidence, '^([0-9]+ records?; [a-z0-9_]+) (?s:.{0,4})… is ', '\1 is ') as evidence,
      row_number() over (
        partition by kind
        order by cast(regexp_extract(evidence, '^[0-9]+') as bigint) desc, customer_id, other_customer_id
      ) as place
    from identity.change
    where run = $run
      and kind in ('merged', 'split')
  )
select kind, customer_id, other_customer_id, evidence
from ranked
where place <= $shown
order by kind, place
