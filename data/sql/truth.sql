-- One row per record of every source that has identifiers: the person it truly belongs to.
-- Grain: (source, record_id).
select 'customers' as source, contact_id(contact) as record_id, numbered('P', person) as person
from customers_draw
union all
select 'loyalty_accounts', loyalty_id(card), numbered('P', person)
from loyalty_accounts_draw
union all
select 'orders', numbered('O', number), numbered('P', person)
from orders_draw
union all
select 'clickstream', numbered('E', number), numbered('P', person)
from clickstream_draw
where not is_again
union all
select 'support_tickets', numbered('T', number), numbered('P', person)
from support_tickets_draw
union all
select 'campaign_events', numbered('M', number), numbered('P', person)
from campaign_events_draw
union all
select 'consent_events', numbered('G', number), numbered('P', person)
from consent_events_draw
