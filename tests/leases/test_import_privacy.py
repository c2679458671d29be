"""What an import never keeps and never shows: citizen service numbers."""

import pytest

from tests.leases.workbooks import errors, read_with, remarks

BSN = "123456782"
"""The example number that passes the 11-proef."""


def told(findings) -> str:
    return " ".join(text for _place, text in [*errors(findings), *remarks(findings)])


@pytest.mark.parametrize(
    "typed", [f"NL{BSN}B01", f"NL{BSN[:4]}.{BSN[4:6]}.{BSN[6:]}.B01", f"{BSN}B01", f"nl {BSN} b 01"]
)
def test_the_old_vat_number_of_a_sole_trader_is_refused_and_not_shown(typed: str):
    draft, findings = read_with(Partijen_J8=typed)

    assert [place for place, _text in errors(findings)] == ["Partijen J8"]
    assert "citizen service number" in errors(findings)[0][1]
    assert draft.parties[4]["vat_id"] == ""
    assert BSN not in told(findings)


def test_a_self_employed_without_legal_form_counts_as_a_sole_trader():
    _draft, findings = read_with(Partijen_C8=None, Partijen_J8=f"NL{BSN}B01")

    assert [place for place, _text in errors(findings)] == ["Partijen J8"]


def test_without_a_legal_form_a_tenant_is_asked_for_it_first():
    _draft, findings = read_with(Partijen_C4=None)

    assert "Fill in the legal form first" in dict(errors(findings))["Partijen J4"]


def test_the_vat_id_of_another_country_is_checked_by_its_own_rules():
    _draft, findings = read_with(Partijen_J6="BE0403170701")
    assert errors(findings) == []

    _draft, findings = read_with(Partijen_J6="BE0403170702")
    assert [place for place, _text in errors(findings)] == ["Partijen J6"]


@pytest.mark.parametrize(
    "cell",
    ["Ruimtes_K8", "Huurcontracten_V4", "Partijen_E8", "Partijen_G8", "Vaste__dagdelen_I4", "Tarieven_I4"],
)
def test_a_number_like_a_bsn_in_a_text_is_left_out_with_a_remark(cell: str):
    draft, findings = read_with(**{cell: f"vraag naar {BSN[:3]} {BSN[3:6]} {BSN[6:]} aub"})

    assert errors(findings) == []
    assert cell.replace("__", " ").replace("_", " ", 1) in [place for place, _text in remarks(findings)]
    everything = repr([thing.values for _kind, things in draft.kinds() for thing in things])
    assert BSN not in everything.replace(" ", "")
    assert BSN not in told(findings).replace(" ", "")


def test_other_numbers_of_nine_digits_stay():
    draft, findings = read_with(Ruimtes_K8="telefoon 0523-261234, kast 123456789")

    assert draft.space_index["b03"]["note"] == "telefoon 0523-261234, kast 123456789"
    assert "Ruimtes K8" not in [place for place, _text in remarks(findings)]


def test_a_column_for_bsn_is_not_read_and_named():
    _draft, findings = read_with(Partijen_U3="BSN", Partijen_U8=BSN)

    assert "never keeps" in dict(remarks(findings))["Partijen U3"]
    assert BSN not in told(findings)


@pytest.mark.parametrize("typed", ["KP 111222333", "KP111222333", "111222333", 111222333])
def test_a_registration_that_may_be_a_bsn_is_an_error_and_not_shown(typed: str | int):
    draft, findings = read_with(Partijen_Q8=typed)

    assert [place for place, _text in errors(findings)] == ["Partijen Q8"]
    assert draft.parties[4]["registration"] == ""
    assert "111222333" not in told(findings)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("big: 99000000104", "BIG 99000000104"),
        ("AGB88999902", "AGB 88999902"),
        ("Kwaliteitsregister 4711", None),
    ],
)
def test_other_registrations_are_kept(typed: str, kept: str | None):
    draft, findings = read_with(Partijen_Q8=typed)

    assert (errors(findings), draft.parties[4]["registration"]) == ([], kept or typed)
