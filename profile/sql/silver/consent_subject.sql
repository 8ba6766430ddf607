-- One row per keyring with which a customer said something, and subject that it speaks for. Statements of one
-- subject may correct each other; those of two subjects may be of two people whom other evidence merged.
-- A subject is a set of keyrings that said yes and are connected by joined identifiers that they carry
-- themselves; it goes by the smallest of them. A keyring that only said no never connects others: it speaks
-- for each subject with which it shares such an identifier, or for itself. A shared withdrawal speaks for
-- those that carry the value by which it came. A steward's decision is no identifier of the person.
-- Customers who spoke with a single keyring are left out: they are one subject.
-- Grain: (customer_id, keyring, subject).
with recursive
  stated as (
    select customer_id, keyring, bool_or(is_granted) as is_granting
    from silver.consent_event
    where keyring is not null
    group by customer_id, keyring

    union

    select customer_id, keyring, false as is_granting
    from silver.shared_withdrawal
  ),
  several as (
    select customer_id
    from stated
    group by customer_id
    having count(*) > 1
  ),
  speaker as (
    select stated.customer_id, stated.keyring, stated.is_granting
    from stated
    join several using (customer_id)
  ),
  carried as (
    select speaker.customer_id, speaker.keyring, speaker.is_granting, link.namespace, link.value
    from speaker
    join identity.link as link using (keyring)
    where link.status = 'joined'
      and link.namespace <> 'decision'
  ),
  hub as (
    select customer_id, namespace, value, min(keyring) as keyring
    from carried
    where is_granting
    group by customer_id, namespace, value
  ),
  edge as (
    select customer_id, carried.keyring as keyring_l, hub.keyring as keyring_r
    from carried
    join hub using (customer_id, namespace, value)
    where carried.is_granting
      and carried.keyring <> hub.keyring
  ),
  neighbour as (
    select customer_id, keyring_l as keyring, keyring_r as next_keyring
    from edge

    union

    select customer_id, keyring_r as keyring, keyring_l as next_keyring
    from edge
  ),
  -- Only a smaller name is handed on, so that a star of keyrings takes as many rows as it has points.
  named (customer_id, keyring, subject) as (
    select customer_id, keyring, keyring as subject
    from speaker
    where is_granting

    union

    select customer_id, neighbour.next_keyring as keyring, named.subject
    from named
    join neighbour using (customer_id, keyring)
    where named.subject < neighbour.next_keyring
  ),
  agreed as (
    select customer_id, keyring, min(subject) as subject
    from named
    group by customer_id, keyring
  ),
  withdrawn_by as (
    select told.customer_id, told.keyring, yes.keyring as agreed_keyring
    from carried as told
    join carried as yes using (customer_id, namespace, value)
    where yes.is_granting
      and not told.is_granting

    union

    select customer_id, keyring, unnest(carried_by) as agreed_keyring
    from silver.shared_withdrawal
  ),
  withdrawn as (
    select withdrawn_by.customer_id, withdrawn_by.keyring, agreed.subject
    from withdrawn_by
    join agreed
      on agreed.customer_id = withdrawn_by.customer_id
      and agreed.keyring = withdrawn_by.agreed_keyring
  )
select customer_id, keyring, subject
from agreed

union

select customer_id, speaker.keyring, coalesce(withdrawn.subject, speaker.keyring) as subject
from speaker
left join withdrawn using (customer_id, keyring)
where not speaker.is_granting
