-- A hand-made warehouse like TuranMart's after a build: 120 known customers, 40 visitors, no mistakes.

-- identity
create table identity.record as
  select 'customers' as source, 'K' || i as record_id, 'ring' || i as keyring,
    timestamp '2026-01-14 08:00' - to_days(cast(i as integer)) as event_time from range(120) t(i)
  union all
  select 'loyalty_accounts', 'L' || i, 'ring' || i, timestamp '2026-01-14 09:00' - to_days(cast(i as integer))
    from range(96) t(i)
  union all
  select 'orders', 'O' || i, 'ring' || (i % 97), timestamp '2026-01-15 06:52:12' - to_hours(cast(i * 5 as integer))
    from range(424) t(i)
  union all
  select 'support_tickets', 'T' || i, 'ring' || (i % 60), timestamp '2026-01-14 20:00' - to_hours(cast(i * 9 as integer))
    from range(90) t(i)
  union all
  select 'campaign_events', 'M' || i, 'ring' || (i % 110), timestamp '2026-01-14 07:00' - to_hours(cast(i as integer))
    from range(700) t(i)
  union all
  select 'consent_events', 'A' || i, 'ring' || (i % 120), timestamp '2026-01-14 10:00' - to_hours(cast(i as integer))
    from range(240) t(i)
  union all
  select 'clickstream', 'E' || i,
    case when i % 5 = 0 then 'visit' || (i % 200) else 'ring' || (i % 101) end,
    timestamp '2026-01-15 11:35:24' - to_minutes(cast(i * 20 as integer)) from range(2600) t(i);
create table identity.member as
  select source, record_id, keyring, 'c-' || left(md5(keyring), 12) as customer_id,
    case
      when keyring like 'visit%' then 'device_hash'
      when source = 'clickstream' and record_id like '%7' then 'session_id'
      when source = 'customers' then 'crm_contact_id'
      when source in ('orders', 'loyalty_accounts') then 'loyalty_id'
      else 'email_hash'
    end as resolved_by,
    'deterministic: 2 of 2 identifiers' as evidence, cast(1 as decimal(3, 2)) as confidence,
    1 as from_run, cast(null as integer) as to_run
  from identity.record;
create table identity.customer as
  select customer_id, count(*) as records, count(distinct source) as sources, 4 as identifiers,
    bool_or(keyring like 'ring%') as is_identified, min(event_time) as first_seen,
    max(event_time) as last_seen, cast(null as varchar) as redirects_to,
    1 as from_run, cast(null as integer) as to_run
  from identity.member join identity.record using (source, record_id, keyring) group by customer_id;
create table identity.link as
  select distinct keyring, 'crm_contact_id' as namespace, 'K-' || keyring as value, 'joined' as status,
    cast(null as varchar) as reason, 2 as tier, cast(null as varchar) as customer_l, cast(null as varchar) as customer_r
  from identity.member where source = 'customers'
  union all
  select distinct keyring, 'loyalty_id', 'L-' || keyring, 'joined', null, 1, null, null
  from identity.member where source = 'loyalty_accounts';
create table identity.change as
  select 1 as run, 'new' as kind, customer_id, cast(null as varchar) as other_customer_id,
    records || ' records' as evidence
  from identity.customer;
create table identity.keyring_attribute as
  select distinct keyring, 'date_of_birth' as attribute, '1980-01-' || (1 + length(keyring)) as value
  from identity.member where source = 'customers';
create table identity.identifier as
  with v as (
    select namespace, value, 'joined' as status, cast(null as varchar) as reason, tier,
      2 as keyrings, 9 as records, false as is_disputed from identity.link
    union all
    select 'email_hash', 'm' || i, case when i < 3 then 'shared' when i = 3 then 'refused' when i < 20 then 'alone' else 'joined' end,
      case when i < 3 then 'date_of_birth: 2 values, at most 1' when i = 3 then 'loyalty_id: 2 values, at most 1' end,
      4, 3, 12 + i, i < 4 from range(118) t(i)
    union all
    select 'phone_hash', 'p' || i, case when i < 6 then 'shared' when i < 8 then 'junk' when i < 30 then 'alone' else 'joined' end,
      case when i < 6 then 'loyalty_id: 2 values, at most 1' when i < 8 then 'on the junk list' end, 5, 2, 6 + i, i < 6
    from range(109) t(i)
    union all
    select 'device_hash', 'd' || i, case when i = 0 then 'generic' when i < 5 then 'shared' when i < 44 then 'alone' else 'joined' end,
      case when i = 0 then 'seen with 61 values of email_hash, at most 50' when i < 5 then 'two identified customers' end,
      6, 3, 40, i between 1 and 4 from range(160) t(i)
    union all
    select 'session_id', 's' || i, 'alone', null, 7, 1, 5, false from range(520) t(i)
  )
  select namespace, value, status, reason, tier, keyrings, records,
    case when is_disputed then 'c-' || left(md5('ring' || length(value)), 12) end as customer_l,
    case when is_disputed then 'c-' || left(md5('ring9' || length(value)), 12) end as customer_r,
    timestamp '2025-06-01' as first_seen, timestamp '2026-01-14' as last_seen
  from v;
create table identity.verdict as
  select md5(namespace || value) as identifier, tier, status, reason,
    if(tier <= 2, substr(value, 3), null) as first_keyring, keyrings, records, customer_l, customer_r,
    first_seen, last_seen, cast(null as timestamp) as links_from
  from identity.identifier;
create table identity.keyring as
  select keyring, count(*) as records, count(distinct source) as sources, min(event_time) as first_seen,
    max(event_time) as last_seen
  from identity.record group by keyring;
create table identity.cluster as
  select distinct keyring, keyring as cluster, customer_id from identity.member;
create table identity.carried as
  select keyring, md5(namespace || value) as identifier from identity.link
  union all
  select 'ring' || i, md5('email_hash' || 'm' || i) from range(118) t(i);
create table identity.disowned (keyring varchar, identifier varchar, reason varchar);
create table identity.overridden_guard (customer_id varchar, guard varchar, values_held bigint, most integer, decisions varchar[]);

-- stewardship: 9 items are open, 3 of them assigned; 8 decisions, of which one awaits a second and one was taken back
create table stewardship.review_item as
  select 'i_' || i as item_id, kind, 'c-l' || i as customer_id_l, 'c-r' || i as customer_id_r, 'a doubt' as evidence,
    0.5 as uncertainty, 10 as records, 1 as first_run, 1 as last_run, 1 as changed_run, state,
    if(state = 'assigned', 'ann', null) as assignee, cast(null as varchar) as decision_id
  from (values (1, 'shared_value', 'open'), (2, 'shared_value', 'open'), (3, 'shared_value', 'open'), (4, 'shared_value', 'assigned'),
    (5, 'shared_value', 'assigned'), (6, 'refused_link', 'open'), (7, 'refused_link', 'open'), (8, 'weak_bridge', 'assigned'),
    (9, 'anchor_conflict', 'open'), (10, 'shared_value', 'decided'), (11, 'shared_value', 'decided'), (12, 'shared_value', 'held'),
    (13, 'weak_bridge', 'obsolete'), (14, 'weak_bridge', 'decided')) t(i, kind, state);
create table stewardship.review_impact as
  select item_id, cast(100 as decimal(18, 2)) as impact_usd, 55.0 as priority from stewardship.review_item;
create table stewardship.decision as
  select number, decision_id, kind, refers_to, engine, cast(impact_usd as decimal(18, 2)) as impact_usd, needs_second,
    decided_by, decided_at, provenance
  from (values
    (1, 'd_1', 'merge', null, 'together', 120, false, 'ann', timestamp '2026-01-13 09:00', 'steward'),
    (2, 'd_2', 'merge', null, 'apart', 80, false, 'ann', timestamp '2026-01-13 10:00', 'steward'),
    (3, 'd_3', 'keep_apart', null, 'apart', 60, false, 'ben', timestamp '2026-01-13 11:00', 'steward'),
    (4, 'd_4', 'keep_apart', null, 'together', 40, false, 'ann', timestamp '2026-01-14 09:00', 'steward'),
    (5, 'd_5', 'not_shared', null, 'apart', 20, false, 'ben', timestamp '2026-01-14 09:30', 'steward'),
    (6, 'd_6', 'defer', null, 'apart', 10, false, 'ben', timestamp '2026-01-14 10:00', 'steward'),
    (7, 'd_7', 'merge', null, 'apart', 5000, true, 'ann', timestamp '2026-01-15 09:00', 'steward'),
    (8, 'd_8', 'revoke', 'd_2', null, null, false, 'ben', timestamp '2026-01-15 09:30', 'steward'),
    (9, 'd_9', 'keep_apart', null, 'apart', null, false, 'zoe', timestamp '2026-01-15 10:00', 'rule:same_house@2')
  ) t(number, decision_id, kind, refers_to, engine, impact_usd, needs_second, decided_by, decided_at, provenance);
create table stewardship.decision_in_force as
  from stewardship.decision where kind <> 'revoke' and not needs_second and decision_id <> 'd_2';

-- silver
insert into silver.customers (source, record_id, customer_id, event_time)
  select source, record_id, customer_id, event_time from identity.member join identity.record using (source, record_id, keyring)
  where source = 'customers';
insert into silver.loyalty_accounts (source, record_id, customer_id, event_time)
  select source, record_id, customer_id, event_time from identity.member join identity.record using (source, record_id, keyring)
  where source = 'loyalty_accounts';
insert into silver.orders (source, record_id, customer_id, event_time, status, amount_usd)
  select source, record_id, customer_id, event_time, 'paid', 30 + (cast(substr(record_id, 2) as integer) * 37) % 73 + 0.37
  from identity.member join identity.record using (source, record_id, keyring) where source = 'orders';
insert into silver.returns (source, record_id, event_time, order_id, amount_usd)
  select 'returns', 'R' || i, timestamp '2026-01-14 12:00' - to_days(cast(i as integer)), 'O' || (i * 20), 12.5 from range(21) t(i);
insert into silver.web_events (source, record_id, customer_id, event_time)
  select source, record_id, customer_id, event_time from identity.member join identity.record using (source, record_id, keyring)
  where source = 'clickstream';
insert into silver.tickets (source, record_id, customer_id, event_time)
  select source, record_id, customer_id, event_time from identity.member join identity.record using (source, record_id, keyring)
  where source = 'support_tickets';
insert into silver.campaign_events (source, record_id, customer_id, event_time)
  select source, record_id, customer_id, event_time from identity.member join identity.record using (source, record_id, keyring)
  where source = 'campaign_events';
insert into silver.consents (source, record_id, customer_id, event_time, purpose, is_granted)
  select source, record_id, customer_id, event_time,
    case when record_id in (select 'A' || i from range(120) t(i)) then 'marketing' else 'personalization' end,
    cast(substr(record_id, 2) as integer) % 120 % 5 <> 0 or record_id = 'A0'
  from identity.member join identity.record using (source, record_id, keyring) where source = 'consent_events';
create table silver.relation_orphan (relation varchar, parent varchar, child varchar, children bigint, orphans bigint, unrelated bigint);
insert into silver.relation_orphan values ('customer_orders', 'customer', 'orders', 424, 0, 0),
  ('customer_tickets', 'customer', 'tickets', 90, 1, 10), ('customer_web_events', 'customer', 'web_events', 2600, 520, 0),
  ('orders_returns', 'orders', 'returns', 21, 0, 0), ('sessions_web_events', 'sessions', 'web_events', 2600, 2600, 0);
create table silver.paid_order as
  select source, record_id, customer_id, event_time, amount_usd as revenue_usd,
    cast(coalesce((select sum(r.amount_usd) from silver.returns r where r.order_id = o.record_id), 0) as decimal(18, 2)) as returned_usd
  from silver.orders o;

-- gold
create table gold.customer_360 as
  with bought as (
    select customer_id, count(*) as n, sum(revenue_usd) as usd, sum(returned_usd) as back
    from silver.paid_order group by customer_id
  ),
  consent as (
    select customer_id, bool_or(is_granted) filter (where purpose = 'marketing') as marketing,
      bool_or(is_granted) filter (where purpose = 'personalization') as personalization
    from silver.consents group by customer_id
  ),
  scored as (
    select customer_id, row_number() over (order by customer_id) as i from silver.customers
  )
  select customer_id, true as is_known, coalesce(marketing, false) as marketing_consent,
    coalesce(personalization, false) as personalization_consent, coalesce(n, 0) as order_count,
    cast(coalesce(usd, 0) as decimal(18, 2)) as total_revenue_usd,
    cast(coalesce(usd - back, 0) as decimal(18, 2)) as net_revenue_usd,
    cast(usd / n as decimal(18, 2)) as avg_order_value_usd, 12 as days_since_last_order,
    7 as click_events_45d, 2 as sessions_45d, 0.4 as open_rate, 0.1 as click_rate, 1 as support_tickets_120d,
    4.2 as avg_csat, 20.5 as avg_resolution_hours,
    cast(i * 37 % 100 as integer) as customer_value_score, cast(i * 53 % 100 as integer) as churn_risk_score,
    case when i % 9 = 0 then 'champion' when i % 4 = 0 then 'loyal' when i % 7 = 0 then 'at_risk'
      when i % 11 = 0 then 'new' when i % 13 = 0 then 'prospect' else 'occasional' end as segment,
    case when i % 40 = 0 then 'urgent' when i % 5 = 0 then 'high' when i % 3 = 0 then 'medium' else 'low' end as retention_priority,
    timestamp '2026-01-15 12:00' as as_of
  from scored left join bought using (customer_id) left join consent using (customer_id);
create table gold.segment_summary as
  select segment, count(*) as customers, cast(sum(total_revenue_usd) as decimal(18, 2)) as total_revenue_usd,
    cast(sum(net_revenue_usd) as decimal(18, 2)) as net_revenue_usd,
    cast(avg(customer_value_score) as decimal(5, 2)) as avg_customer_value_score,
    cast(avg(churn_risk_score) as decimal(5, 2)) as avg_churn_risk_score,
    count(*) filter (where retention_priority = 'urgent') as urgent_retention_customers,
    cast(avg(cast(marketing_consent as integer)) as decimal(5, 4)) as marketing_consent_rate
  from gold.customer_360 group by segment;
create table gold.activation_candidates as
  select customer_id, segment, churn_risk_score, retention_priority, 'segment ' || segment as reason
  from gold.customer_360 where marketing_consent and personalization_consent;
create table gold.activation_excluded as
  select 'candidates' as audience, customer_id, concat_ws(', ', case when not marketing_consent then 'marketing_consent_withdrawn' end,
    case when not personalization_consent then 'no_personalization_consent' end) as reason, segment
  from gold.customer_360 where not (marketing_consent and personalization_consent);
create table gold.serving_profile as
  select customer_id, marketing_consent, personalization_consent, customer_value_score, churn_risk_score,
    segment, retention_priority, 2 as profile_version, as_of from gold.customer_360;
create table gold.anonymous_visitor as
  select customer_id, records from identity.customer where not is_identified;
create table gold.kpi_summary as
  with p as (
    select count(*) as n, sum(order_count) as orders, sum(total_revenue_usd) as gross, sum(net_revenue_usd) as net,
      avg(cast(marketing_consent as integer)) as marketing, count(*) filter (where retention_priority = 'urgent') as urgent
    from gold.customer_360
  ), m as (
    select 'customers' as metric, n as value, 'count' as unit, 'customers known to a mastering source who have a profile' as definition from p
    union all select 'profiles', n, 'count', 'identified customers: rows of customer_360' from p
    union all select 'anonymous_visitors', 40, 'count', 'visitors known by traces alone'
    union all select 'paid_orders', orders, 'count', 'paid orders up to the moment of the build' from p
    union all select 'gross_revenue_usd', gross, 'usd', 'what was paid for them, before returns' from p
    union all select 'net_revenue_usd', net, 'usd', 'gross revenue less returns' from p
    union all select 'profile_coverage_rate', 1, 'share', 'share of the known customers who have a profile' from p
    union all select 'marketing_consent_rate', marketing, 'share', 'share of known customers whose consent to marketing is in force' from p
    union all select 'avg_churn_risk_score', 49.5, 'points', 'mean churn risk of all profiles, 0 to 100' from p
    union all select 'urgent_retention_customers', urgent, 'count', 'profiles of retention priority urgent' from p
  )
  select metric, cast(value as decimal(18, 4)) as value, unit, definition from m;

-- ops
create table ops.load as
  select 1 as run, source, left(md5(source), 12) as batch_id, source || '.csv' as file, md5(source) as content_hash,
    '{}' as contract, n + bad as rows_read, n as rows_landed, bad as rows_rejected,
    timestamp '2026-01-15 12:00' as landed_at, cast(null as integer) as retired_in_run,
    ['imported_by'] as columns, timestamp '2026-01-15 11:00' as newest_event_time, 0 as late_rows, 0 as later_than_promised, 0 as longest_lag_seconds
  from (values ('customers', 120, 0), ('loyalty_accounts', 96, 0), ('orders', 424, 0), ('returns', 21, 0),
    ('clickstream', 2600, 2), ('support_tickets', 90, 0), ('campaign_events', 700, 0), ('consent_events', 240, 0)) t(source, n, bad);
create table ops.reject as
  select 'clickstream' as source, left(md5('clickstream'), 12) as batch_id, 'clickstream.csv' as file, 17 + i as row_number,
    'event_time is not a time' as reason, '{}' as raw from range(2) t(i);
insert into ops.run values (1, 'resolve', '2026-01-15 12:00', '2026-01-15 12:00', '2026-01-15 12:00', '0.1.0'),
  (2, 'build', '2026-01-15 12:00', '2026-01-15 12:00', '2026-01-15 12:00', '0.1.0');
insert into ops.step (run, step, seconds, rows) values (1, 'bronze.*', 0.81, 0), (1, 'identity.record', 0.4, 4270), (1, 'identity.member', 0.22, 4270),
  (2, 'gold.customer_360', 0.06, 120);
