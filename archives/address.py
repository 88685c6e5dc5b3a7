"""Addresses as they may be told: without the passwords that stand in them."""

import re

_PASSWORD = re.compile(r"(://)[^\s'\"<>]*@")


def without_passwords(text: str) -> str:
    """Return an address, or words with addresses in them, without what stands before each one's ``@`` (RFC 3986 §3.2.1)."""
    return _PASSWORD.sub(r"\1", text)
