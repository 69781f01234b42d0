"""How a link is written and how its files are encrypted: the specification's own examples, limits, and nonsense."""

import contextlib
import hashlib
import json
import tracemalloc
import zlib
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given, settings
from hypothesis import strategies as st
from joserfc import jwe as joserfc_jwe
from joserfc.jwk import OctKey

from clearpath.records.links import LinkError, Payload, decode, decrypt, encode, encrypt
from clearpath.records.links.jwe import LARGEST
from clearpath.records.links.shlink import base64url, from_base64url

VECTORS = Path(__file__).parent / "shl"
KEY = bytes(range(32))
FHIR = "application/fhir+json"
ADDRESS = "https://clearpath.example/shl/" + "A" * 43


def test_the_example_of_the_specification_is_read_and_written_again():
    text = (
        "shlink:/eyJ1cmwiOiJodHRwczovL2Voci5leGFtcGxlLm9yZy9xci9ZOXh3a1VkdG1OOXd3b0pvTjNmZkpJaFgyVUd2Q0wxSm5sUFZOTDN"
        "rRFdNL20iLCJmbGFnIjoiTFAiLCJrZXkiOiJyeFRnWWxPYUtKUEZ0Y0VkMHFjY2VOOHdFVTRwOTRTcUF3SVdRZTZ1WDdRIiwibGFiZWwiOi"
        "JCYWNrLXRvLXNjaG9vbCBpbW11bml6YXRpb25zIGZvciBPbGl2ZXIgQnJvd24ifQ"
    )  # HL7 SMART Health Cards and Links 1.0.0

    payload = decode(text)

    assert payload.url == "https://ehr.example.org/qr/Y9xwkUdtmN9wwoJoN3ffJIhX2UGvCL1JnlPVNL3kDWM/m"
    assert (payload.flags, payload.label) == ("LP", "Back-to-school immunizations for Oliver Brown")
    assert encode(payload) == text
    assert decode(f"https://viewer.example.org/x#{text}\n") == payload


def test_the_published_encrypted_files_open_also_the_one_without_a_content_type():
    vectors = json.loads((VECTORS / "spec_text_vectors.json").read_text())
    card = decrypt(vectors["jwe"], key=from_base64url(vectors["key"]))
    link = decode((VECTORS / "IPS_IG-bundle-01-shl.txt").read_text())
    summary = decrypt((VECTORS / "IPS_IG-bundle-01-enc.txt").read_text(), key=link.key)

    assert card.content_type == "application/smart-health-card"
    assert "verifiableCredential" in json.loads(card.content)
    assert (link.flags, summary.content_type) == ("LU", "")
    assert hashlib.sha256(summary.content).hexdigest().startswith("fdf7432edbd8")  # of the published bundle


def test_flags_stand_in_alphabetical_order_and_unknown_ones_are_ignored():
    assert decode(encode(Payload(ADDRESS, KEY, flags="PL"))).flags == "LP"
    said = {"url": ADDRESS, "key": base64url(KEY), "flag": "XULZ", "v": 1, "_ours": 3}

    assert decode(written(said)).flags == "LU"


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        (Payload("https://x.example/" + "a" * 111, KEY), "link_url_too_long"),
        (Payload(ADDRESS, KEY, label="a" * 81), "link_label_too_long"),
        (Payload(ADDRESS, KEY, flags="UP"), "link_single_file_with_passcode"),
        (Payload(ADDRESS, KEY[:31]), "link_key_wrong"),
    ],
)
def test_what_breaks_a_limit_of_the_specification_is_not_written(payload, code):
    with pytest.raises(LinkError, match=code):
        encode(payload)


def test_the_longest_address_and_label_are_written():
    payload = Payload("https://x.example/" + "a" * 110, KEY, exp=1, label="a" * 80)

    assert decode(encode(payload)) == payload


def written(said):
    return "shlink:/" + base64url(json.dumps(said).encode())


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "not_a_link"),
        ("https://x.example/", "not_a_link"),
        ("shlink:/", "not_a_link"),
        ("shlink:/e30", "not_a_link"),
        ("shlink:/W10", "not_a_link"),
        ("shlink:/ümlaut", "not_a_link"),
        ("shlink:/" + base64url(b"[" * 3000), "not_a_link"),
        (written({"url": "x", "key": base64url(KEY), "v": 2}), "link_version_unknown"),
        (written({"url": "x", "key": "short"}), "not_a_link"),
        (written({"url": "", "key": base64url(bytes(32))}), "not_a_link"),
        ("shlink:/" + "A" * 9_000, "link_too_long"),
    ],
)  # fmt: skip
def test_what_is_no_link_is_said_to_be_none(text, code):
    with pytest.raises(LinkError, match=code):
        decode(text)


def test_another_implementation_opens_what_is_encrypted_here():
    small = b'{"resourceType": "Patient"}'
    token = encrypt(small, key=KEY, content_type=FHIR)

    opened = joserfc_jwe.decrypt_compact(token, OctKey.import_key(KEY), algorithms=["dir", "A256GCM", "DEF"])

    assert opened.plaintext == small
    assert opened.protected == {"alg": "dir", "enc": "A256GCM", "cty": FHIR}


def test_what_another_implementation_encrypts_opens_here():
    header = {"alg": "dir", "enc": "A256GCM", "cty": FHIR, "zip": "DEF"}
    token = joserfc_jwe.encrypt_compact(header, b"a" * 999, OctKey.import_key(KEY), ["dir", "A256GCM", "DEF"])

    assert decrypt(token, key=KEY).content == b"a" * 999


def test_ciphertext_over_64_kb_that_inflates_over_256_kb_works():
    content = b"".join(
        zlib.crc32(b"%d" % number).to_bytes(4) + b"repeated text of a record" for number in range(20_000)
    )

    token = encrypt(content, key=KEY, content_type=FHIR)

    assert len(token) > 64 * 1024
    assert len(content) > 256 * 1024
    assert len(token) < len(content)
    assert decrypt(token, key=KEY).content == content


def jwe(content, **header):
    """A token with any header, encrypted correctly."""
    head = base64url(json.dumps({"alg": "dir", "enc": "A256GCM"} | header).encode())
    iv = bytes(12)
    sealed = AESGCM(KEY).encrypt(iv, content, head.encode())
    return ".".join((head, "", base64url(iv), base64url(sealed[:-16]), base64url(sealed[-16:])))


def deflated(content):
    squeeze = zlib.compressobj(9, wbits=-15)
    return squeeze.compress(content) + squeeze.flush()


def test_a_file_that_would_inflate_beyond_our_limit_is_refused_before_it_does():
    bomb = jwe(deflated(bytes(LARGEST + 1)), zip="DEF")

    assert len(bomb) < 64 * 1024
    with pytest.raises(LinkError, match="file_too_large"):
        decrypt(bomb, key=KEY)
    tracemalloc.start()
    with pytest.raises(LinkError, match="file_too_large"):
        decrypt(bomb, key=KEY, largest=1000)
    assert tracemalloc.get_traced_memory()[1] < 1024 * 1024  # bytes at the peak: it was never inflated
    tracemalloc.stop()
    assert len(decrypt(jwe(deflated(bytes(1000)), zip="DEF"), key=KEY, largest=1000).content) == 1000


@pytest.mark.parametrize(
    ("token", "code"),
    [
        ("", "file_not_encrypted"),
        ("a.b.c.d.e", "file_not_encrypted"),
        (jwe(b"x", alg="A256KW"), "file_algorithm_unknown"),
        (jwe(b"x", enc="A128GCM"), "file_algorithm_unknown"),
        (jwe(b"x", zip="LZ"), "file_algorithm_unknown"),
        (jwe(b"x", zip=["DEF"]), "file_algorithm_unknown"),
        (jwe(b"x", crit=["exp"]), "file_algorithm_unknown"),
        (jwe(b"not deflated", zip="DEF"), "file_not_encrypted"),
        (jwe(deflated(b"cut short" * 99)[:-3], zip="DEF"), "file_not_encrypted"),
        (jwe(b"x")[:-2] + "AA", "file_key_wrong"),
        ("a" * (28 * 1024 * 1024 + 1), "file_too_large"),
    ],
    ids=range(11),
)
def test_what_cannot_be_decrypted_says_why(token, code):
    with pytest.raises(LinkError, match=code):
        decrypt(token, key=KEY)


@given(text=st.text() | st.binary().map(base64url).map("shlink:/".__add__))
def test_no_text_breaks_the_reader_of_links(text):
    with contextlib.suppress(LinkError):
        decode(text)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=8,
)


@given(st.fixed_dictionaries({}, optional=dict.fromkeys(("url", "key", "flag", "exp", "label", "v"), JSON)))
def test_no_payload_breaks_the_reader_of_links(said):
    key = {"key": base64url(KEY)} if said.get("key") is None else {}
    try:
        payload = decode(written(said | key))
    except LinkError:
        return
    assert payload.exp is None or payload.exp >= 0
    assert len(payload.label) <= 80


@given(parts=st.lists(st.text(max_size=30) | st.binary(max_size=40).map(base64url), max_size=7))
def test_no_token_breaks_the_reader_of_files(parts):
    with pytest.raises(LinkError):
        decrypt(".".join(parts), key=KEY)


@settings(deadline=None)
@given(content=st.binary(max_size=5_000), header=st.dictionaries(st.sampled_from(["zip", "cty", "kid", "p2c"]), JSON))
def test_no_header_or_content_breaks_the_reader_of_files(content, header):
    with contextlib.suppress(LinkError):
        decrypt(jwe(content, **header), key=KEY, largest=2_000)


@given(content=st.binary(max_size=3_000))
def test_what_is_encrypted_is_decrypted_to_the_same(content):
    opened = decrypt(encrypt(content, key=KEY, content_type=FHIR), key=KEY)

    assert (opened.content, opened.content_type) == (content, FHIR)
