"""Secret addresses: long, unguessable, and kept only as a hash."""

import string

from tenants.parties.tokens import hashed, new_token

URL_SAFE = set(string.ascii_letters + string.digits + "-_")


def test_a_token_has_256_bits_in_characters_that_an_address_may_hold() -> None:
    token = new_token()
    assert len(token) == 43
    assert set(token) <= URL_SAFE


def test_no_two_tokens_are_the_same() -> None:
    assert len({new_token() for _ in range(1000)}) == 1000


def test_the_hash_is_the_same_each_time_and_does_not_hold_the_token() -> None:
    token = new_token()
    assert hashed(token) == hashed(token)
    assert len(hashed(token)) == 64
    assert token not in hashed(token)


def test_any_text_can_be_looked_up() -> None:
    assert len({hashed(text) for text in ("", "\x00", "é", "\udc80", "x" * 100_000)}) == 5
