"""SMART Health Links (HL7 STU 1) without a database: how a link is written and how its files are encrypted.

Source of every rule here: HL7 SMART Health Cards and Links 1.0.0, links specification, read 2026-11-25.
"""

from clearpath.records.links.jwe import Opened, decrypt, encrypt
from clearpath.records.links.shlink import LinkError, Payload, decode, encode

__all__ = ["LinkError", "Opened", "Payload", "decode", "decrypt", "encode", "encrypt"]
