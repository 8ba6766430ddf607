-- One row per level of the model that was trained last, with its weight in the model before.
-- Grain: (comparison, place).
with
  trained as (
    select model, max(run) as run
    from identity.model_level
    group by model
  ),
  ranked as (
    select model, run, row_number() over (order by run desc, model) as age
    from trained
  ),
  before as (
    select level.comparison, level.level, level.weight
    from identity.model_level as level
    join ranked using (model)
    where ranked.age = 2
  )
select
  ranked.model,
  ranked.run,
  (select model from ranked where age = 2) as model_before,
  now.comparison,
  now.level,
  now.m,
  now.u,
  now.weight,
  before.weight as weight_before
from identity.model_level as now
join ranked using (model)
left join before using (comparison, level)
where ranked.age = 1
order by now.comparison, now.place desc
