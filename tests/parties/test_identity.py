"""Numbers are checked and brought to one way of writing; a BSN is never accepted and never echoed."""

import pytest

from tenants.parties import identity
from tenants.parties.identity import IdentityError

OLD_NUMBER_WITH_A_BSN = "NL111222333B01"


def test_a_kvk_number_keeps_its_zeros():
    assert identity.kvk(" 0001 8201 ") == "00018201"


@pytest.mark.parametrize("wrong", ["1820", "123456789", "ABCDEFGH", "", "00000000", "١٢٣٤٥٦٧٨"])
def test_a_kvk_number_has_eight_digits(wrong):
    with pytest.raises(IdentityError):
        identity.kvk(wrong)


@pytest.mark.parametrize("written", ["NL000099911B64", "nl 0000.99911.b64", "000099911B64"])
def test_a_sole_traders_vat_id_passes_the_new_test(written):
    assert identity.vat_id(written, sole_trader=True) == "NL000099911B64"


def test_the_old_vat_number_of_a_sole_trader_is_refused_and_not_echoed():
    with pytest.raises(IdentityError) as refusal:
        identity.vat_id(OLD_NUMBER_WITH_A_BSN, sole_trader=True)
    assert "111222333" not in str(refusal.value)
    assert "2020" in refusal.value.message


def test_an_organisation_may_have_its_rsin_in_its_vat_id():
    assert identity.vat_id("NL991000201B01", sole_trader=False) == "NL991000201B01"


@pytest.mark.parametrize(
    ("legal_form", "self_employed", "expected"),
    [
        ("eenmanszaak", False, True), ("Freelance", True, True), ("zzp'er", False, True), ("", True, True),
        ("", False, None), ("stichting", False, False), ("B.V.", True, False),
    ],
)  # fmt: skip
def test_the_legal_form_says_whether_a_vat_id_may_hold_a_bsn(legal_form, self_employed, expected):
    assert identity.is_sole_trader(legal_form, self_employed=self_employed) is expected


def test_without_a_legal_form_an_old_number_is_refused_with_the_reason():
    with pytest.raises(IdentityError) as refusal:
        identity.vat_id(OLD_NUMBER_WITH_A_BSN, sole_trader=None)
    assert "111222333" not in str(refusal.value)
    assert identity.vat_id("NL000099911B64", sole_trader=None) == "NL000099911B64"


@pytest.mark.parametrize("wrong", ["NL000099911B65", "KOR", "NL12B01", "DE000099911B64"])
def test_a_wrong_vat_id_is_refused(wrong):
    with pytest.raises(IdentityError):
        identity.vat_id(wrong, sole_trader=True)


def test_an_iban_is_written_without_spaces():
    assert identity.iban("NL46 RABO 9999 9005 29") == "NL46RABO9999900529"
    with pytest.raises(IdentityError):
        identity.iban("NL47 RABO 9999 9005 29")


def test_registers_have_their_own_lengths():
    assert identity.big("99000000104") == "99000000104"
    assert identity.agb("05999901") == "05999901"
    assert identity.oin("00000001991000201000") == "00000001991000201000"
    for check, wrong in [
        (identity.big, "9900000010"),
        (identity.agb, "5999901"),
        (identity.oin, "1991000201000"),
    ]:
        with pytest.raises(IdentityError):
            check(wrong)


@pytest.mark.parametrize("text", ["bsn 111222333", "111.222.333", "mevrouw Jansen (111222333)"])
def test_text_with_a_bsn_is_recognised(text):
    assert identity.looks_like_bsn(text)


@pytest.mark.parametrize("text", ["", "06 12345678", "kamer 12, 24-11-2026", "NL991000201B01", "123456789"])
def test_other_numbers_are_no_bsn(text):
    assert not identity.looks_like_bsn(text)
