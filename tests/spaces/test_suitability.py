"""Whether a room suits a profession: met, missing, or not known to anybody."""

from decimal import Decimal

import pytest

from spaces import suitability
from spaces.models import Hub
from spaces.suitability import MET, MISSING, UNKNOWN
from tests import cast

pytestmark = pytest.mark.django_db
FOR_DIETITIANS = ("soundproof", "screened-from-view", "wheelchair-accessible", "waiting-place", "own-toilet")


@pytest.fixture
def hub() -> Hub:
    return cast.hub()


def verdicts(space, code="dietist"):
    profile = suitability.profile(code)
    findings = suitability.judge(space, profile, noted=suitability.noted_at(space.hub))
    return {each.name: (each.verdict, each.advised) for each in findings}


def test_a_room_made_for_dietitians_meets_all_that_the_association_asks(hub):
    space = cast.space(hub, area_m2=Decimal("20.40"), features=FOR_DIETITIANS)
    assert verdicts(space) == {
        "ongeveer 20 m², zonder de wachtruimte": (MET, False),
        "afgeschermd voor geluid": (MET, False),
        "afgeschermd voor inkijk": (MET, False),
        "bruikbaar met een beperking": (MET, False),
        "een aangegeven wachtplek": (MET, False),
        "een eigen toilet": (MET, True),
    }


def test_what_other_rooms_have_is_missing_and_what_nobody_noted_is_unknown(hub):
    cast.space(hub, "B09", features=("screened-from-view", "own-toilet"))
    space = cast.space(hub, "B03", area_m2=Decimal("16.40"), features=("soundproof",))
    assert verdicts(space) == {
        "ongeveer 20 m², zonder de wachtruimte": (MISSING, False),
        "afgeschermd voor geluid": (MET, False),
        "afgeschermd voor inkijk": (MISSING, False),
        "bruikbaar met een beperking": (UNKNOWN, False),
        "een aangegeven wachtplek": (UNKNOWN, False),
        "een eigen toilet": (MISSING, True),
    }


def test_what_another_hub_notes_says_nothing_here(hub):
    cast.space(cast.hub("elders"), features=("wash-basin",))
    space = cast.space(hub)
    assert verdicts(space, "fysiotherapeut")["een wastafel"] == (UNKNOWN, False)


@pytest.mark.parametrize(
    ("area", "verdict"), [("17.99", MISSING), ("18.00", MET), ("20.00", MET), ("0.00", UNKNOWN)]
)
def test_about_20_square_metres_is_18_and_up(hub, area, verdict):
    space = cast.space(hub, area_m2=Decimal(area))
    assert verdicts(space)["ongeveer 20 m², zonder de wachtruimte"][0] == verdict


def test_the_size_that_is_there_is_told(hub):
    space = cast.space(hub, area_m2=Decimal("16.40"))
    finding = suitability.judge(space, suitability.profile("dietist"), noted=())[0]
    assert (
        finding.words == "ongeveer 20 m², zonder de wachtruimte; deze ruimte heeft 16,40\N{NO-BREAK SPACE}m²"
    )


def test_lacking_names_only_what_is_required_and_missing(hub):
    cast.space(hub, "B09", features=("screened-from-view", "own-toilet"))
    space = cast.space(hub, "B03", area_m2=Decimal("20.00"), features=("soundproof",))
    noted = suitability.noted_at(hub)
    assert (
        suitability.lacking(space, suitability.profile("dietist"), noted=noted) == "afgeschermd voor inkijk"
    )
    assert suitability.lacking(space, suitability.profile("fysiotherapeut"), noted=()) == ""


def test_a_lift_is_asked_for_only_where_there_are_stairs(hub):
    below, above = cast.space(hub, "B03"), cast.space(hub, "101", floor=cast.floor(hub, "1", 1))
    names = [[each.name for each in suitability.access_of(it, noted=())] for it in (below, above)]
    assert [("een lift naar deze verdieping" in each) for each in names] == [False, True]


@pytest.mark.parametrize(
    ("discipline", "code"),
    [
        ("diëtist", "dietist"), ("Diëtistenpraktijk", "dietist"), ("kinderfysiotherapie", "fysiotherapeut"),
        ("Logopedie", "logopedist"), ("GZ-psycholoog", "psycholoog"), ("GGZ", "psycholoog"),
        ("coach", None), ("", None),
    ],
)  # fmt: skip
def test_a_discipline_as_people_write_it_finds_its_profile(discipline, code):
    found = suitability.profile_of(discipline)
    assert (found and found.code) == code


def test_judging_asks_the_database_nothing_when_the_features_are_loaded(hub, django_assert_num_queries):
    cast.space(hub, features=FOR_DIETITIANS)
    space = hub.spaces.prefetch_related("features").select_related("floor").get()
    with django_assert_num_queries(1):
        noted = suitability.noted_at(hub)
        for profile in suitability.PROFILES:
            suitability.judge(space, profile, noted=noted)
        suitability.access_of(space, noted=noted)
