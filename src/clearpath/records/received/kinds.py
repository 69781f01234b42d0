"""The kinds of files that a record can be, and how the bytes show which one it is."""

import re

from django.utils.translation import gettext_lazy as _

LARGEST = 20 * 1024 * 1024  # bytes; scans of several pages fit
LARGEST_ARCHIVE = 50 * 1024 * 1024  # bytes; a CD of X-rays fits

FHIR = "application/fhir+json"
FHIR_XML = "application/fhir+xml"
JSON = "application/json"
PDF = "application/pdf"
DICOM = "application/dicom"
XML = "application/xml"
CDA = "application/cda+xml"  # no registered name: HL7 registered none for CDA documents
JPEG, PNG, HEIC = "image/jpeg", "image/png", "image/heic"
PICTURES = frozenset({JPEG, PNG, HEIC})
TEXT = "text/plain"
ZIP = "application/zip"

NAMES = {
    FHIR: _("Patient summary or other FHIR data"),
    FHIR_XML: _("FHIR data in XML"),
    JSON: _("Data (JSON)"),
    PDF: _("PDF"),
    DICOM: _("Medical image (DICOM)"),
    XML: _("Data (XML)"),
    CDA: _("Clinical document (CDA)"),
    JPEG: _("Picture"),
    PNG: _("Picture"),
    HEIC: _("Picture"),
    TEXT: _("Text"),
    ZIP: _("Archive of files (ZIP)"),
}

EXTENSIONS = {
    FHIR: ".json",
    FHIR_XML: ".xml",
    JSON: ".json",
    PDF: ".pdf",
    DICOM: ".dcm",
    XML: ".xml",
    CDA: ".xml",
    JPEG: ".jpg",
    PNG: ".png",
    HEIC: ".heic",
    TEXT: ".txt",
    ZIP: ".zip",
}

HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1", b"hevc"}
XML_STARTS = (b"<?xml", b"\xef\xbb\xbf<?xml", b"\xff\xfe<\x00", b"\xfe\xff\x00<")  # the last two: UTF-16
HTML = re.compile(r"<(!doctype\s+html|html|head|body|script)\b", re.IGNORECASE)
ROOT = re.compile(rb"<(?:[\w.-]+:)?(?P<name>[A-Za-z_][\w.-]*)(?P<rest>[^>]{0,4000})")  # of XML; not `<?` nor `<!`
NOT_TEXT = bytes([*range(0x09), *range(0x0E, 0x1B), *range(0x1C, 0x20), 0x7F])


def media_type_of(content: bytes) -> str:
    """The media type that the bytes themselves show; "" when they are nothing that a record can be.

    The first bytes decide, so that a file that could be read as two kinds is always taken for the same one.
    Sources: PNG (ISO/IEC 15948) 5.2, JPEG (ISO/IEC 10918-1) B.1.1.3, HEIC (ISO/IEC 23008-12) brands, ZIP (PKWARE
    APPNOTE 6.3.10) 4.3.7, DICOM PS3.10 section 7.1, PDF 2.0 (ISO 32000-2) 7.5.2, FHIR R4 `resourceType`.
    """
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if content.startswith(b"\xff\xd8\xff"):
        return JPEG
    if content[4:8] == b"ftyp" and content[8:12] in HEIC_BRANDS:
        return HEIC
    if content.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return ZIP
    if content[128:132] == b"DICM":
        return DICOM
    if content.startswith(XML_STARTS):
        return _xml_type(content)
    if b"%PDF-" in content[:1024]:
        return PDF
    return _text_type(content)


def _text_type(content: bytes) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return ""
    if len(content.translate(None, NOT_TEXT)) != len(content):
        return ""
    start = text.lstrip()
    if start.startswith(("{", "[")):
        return _json_type(start)
    if HTML.match(start):
        return ""  # a page can say one thing to one reader and another to the next
    if start.startswith("<"):
        return _xml_type(content)
    return TEXT


def _json_type(text: str) -> str:
    """By what it claims to be: whether it keeps its promise is told by who reads it."""
    if re.search(r'"resourceType"\s*:', text):
        return FHIR
    return JSON if text.rstrip().endswith(("}", "]")) else TEXT


def _xml_type(content: bytes) -> str:
    """By its first element; what that claims is checked by who reads it."""
    start = content[:16_000]
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        start = start.decode("utf-16", "replace").encode()
    root = ROOT.search(re.sub(rb"<!--.*?-->|<\?.*?\?>|<!.*?>", b"", start, flags=re.DOTALL))
    if root is None:
        return XML
    if root["name"] == b"ClinicalDocument":
        return CDA
    if root["name"].lower() == b"html":
        return ""
    return FHIR_XML if b"http://hl7.org/fhir" in root["rest"] else XML
