"""What a received file is, told from its bytes: the name and type that a sender gives prove nothing."""

import json

from django.utils.translation import gettext_lazy as _

LARGEST = 20 * 1024 * 1024  # bytes; scans of several pages fit
FHIR = "application/fhir+json"
NAMES = {
    FHIR: _("Patient summary or other FHIR data"),
    "application/json": _("Data (JSON)"),
    "application/pdf": _("PDF"),
    "application/dicom": _("Medical image (DICOM)"),
    "application/xml": _("Clinical document (XML)"),
    "image/jpeg": _("Picture"),
    "image/png": _("Picture"),
    "image/heic": _("Picture"),
    "text/plain": _("Text"),
}

EXTENSIONS = {
    FHIR: ".json",
    "application/json": ".json",
    "application/pdf": ".pdf",
    "application/dicom": ".dcm",
    "application/xml": ".xml",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/heic": ".heic",
    "text/plain": ".txt",
}


def media_type_of(content: bytes) -> str:
    """The media type that the bytes themselves show; "" when they are nothing that a record can be.

    Sources: PDF 2.0 (ISO 32000-2) 7.5.2, PNG (ISO/IEC 15948) 5.2, JPEG (ISO/IEC 10918-1) B.1.1.3, HEIC
    (ISO/IEC 23008-12) brands, DICOM PS3.10 section 7.1, FHIR R4 `resourceType`.
    """
    if b"%PDF-" in content[:1024]:
        return "application/pdf"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content[4:8] == b"ftyp" and content[8:12] in {b"heic", b"heix", b"mif1", b"msf1", b"hevc"}:
        return "image/heic"
    if content[128:132] == b"DICM":
        return "application/dicom"
    return _text_type(content)


def _text_type(content: bytes) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return ""
    if "\x00" in text:
        return ""
    start = text.lstrip()[:1]
    if start in {"{", "["}:
        return _json_type(text)
    if start == "<":
        return "application/xml"
    return "text/plain"


def _json_type(text: str) -> str:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return "text/plain"
    if isinstance(found, dict) and isinstance(found.get("resourceType"), str):
        return FHIR
    return "application/json"
