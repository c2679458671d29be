"""Secret addresses: whoever has the token may read; we keep only its hash."""

import hashlib
import secrets

TOKEN_BYTES = 32
"""256 random bits: nobody guesses one, so a plain hash is enough to keep."""


def new_token() -> str:
    """A secret for an address: 43 characters of letters, digits, "-" and "_". Show it once, store `hashed(token)`."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def hashed(token: str) -> str:
    """What is stored of a token, and looked up: its SHA-256 in 64 hexadecimal digits. Any text has one."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
