"""What a received file is, told from its bytes."""

import pytest

from clearpath.records.received import media_type_of


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (b"%PDF-1.7\n", "application/pdf"),
        (b"\x89PNG\r\n\x1a\n....", "image/png"),
        (b"\xff\xd8\xff\xe0....", "image/jpeg"),
        (b"\x00\x00\x00\x18ftypheic....", "image/heic"),
        (b"\x00" * 128 + b"DICM", "application/dicom"),
        (b'<?xml version="1.0"?><ClinicalDocument/>', "application/cda+xml"),
        (b'{"resourceType": "Bundle"}', "application/fhir+json"),
        (b'{"a": 1}', "application/json"),
        (b"[" * 100_000, "text/plain"),
        ("Şeker hastalığı".encode(), "text/plain"),
        (b"MZ\x90\x00\x03", ""),
        (b"\x00\x01\x02", ""),
        (b"PK\x03\x04\xff\xfe", "application/zip"),
    ],
)
def test_media_type_is_told_by_the_bytes(content, media_type):
    assert media_type_of(content) == media_type
