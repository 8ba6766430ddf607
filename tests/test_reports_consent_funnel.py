from c360.reports.consent_funnel import read_consent_funnel
from c360.step import Context


def stages(context: Context) -> dict[str, tuple[int, int]]:
    funnel = read_consent_funnel(context)
    return {stage.label: (stage.known, stage.lost) for stage in funnel.stages}


def test_who_is_lost_at_a_step_counts_in_none_after_it(built):
    found = stages(built)

    left = [known for known, _ in found.values()]
    assert left == sorted(left, reverse=True)
    assert found["Known"] == (120, 0)
    assert found["Reachable"] == (118, 2)


def test_who_carries_nothing_to_be_reached_by_is_not_reachable(built):
    built.con.execute("delete from identity.carried where identifier = md5('email_hashm50')")

    assert stages(built)["Reachable"] == (117, 3)


def test_junk_reaches_nobody(built):
    built.con.execute("update identity.verdict set status = 'junk' where tier in (4, 5)")

    assert stages(built)["Reachable"] == (0, 120)


def test_losses_are_told_with_their_reasons_and_segments(built):
    built.con.execute(
        "update gold.activation_excluded set reason = 'no_marketing_consent'"
        " where reason like '%marketing%'"
    )

    dropouts = read_consent_funnel(built).dropouts

    lost = {(row.stage, row.reason): row.customers for row in dropouts}
    assert (
        lost[("Agree to marketing", "no_marketing_consent")]
        == stages(built)["Agree to marketing"][1]
    )
    assert all(row.segments for row in dropouts)


def test_profiles_that_no_source_masters_are_counted_apart(built):
    built.con.execute("update gold.customer_360 set is_known = false")

    first, *_ = read_consent_funnel(built).stages

    assert (first.known, first.unknown) == (0, 120)


def test_what_campaigns_fed_back_is_told_of_those_who_are_activated(built):
    assert read_consent_funnel(built).outcomes == ()
    built.con.execute(
        "create table gold.engagement as select customer_id, 1 as delivered_messages,"
        " 1 as opened_messages, 0 as clicked_messages, 0 as converted_messages,"
        " 0 as unsubscribed_messages from gold.activation_candidates order by all limit 7"
    )

    told = {each.label: each.customers for each in read_consent_funnel(built).outcomes}

    assert (told["Got a message"], told["Opened one"], told["Clicked"]) == (7, 7, 0)
