"""Medical images: what a DICOM file says of itself, and one frame of it as a picture. The file stays a file.

Files are dirty and pydicom raises whatever it stumbles over, so what cannot be read is not shown, and no more.
Source: DICOM PS3.3 (attributes), PS3.5 (transfer syntaxes), 2024b.
"""

import io
import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pydicom
from PIL import Image
from pydicom.pixels.decoders.base import get_decoder
from pydicom.pixels.processing import apply_color_lut, apply_modality_lut, apply_voi_lut
from pydicom.pixels.utils import pixel_array

from clearpath.records.received.pictures import LONGEST_SIDE, as_png
from clearpath.records.received.told import Identifier, Person, Told, real_names

logging.getLogger("pydicom").setLevel(logging.CRITICAL)  # it quotes from the files that it stumbles over

DEFLATED = b"1.2.840.10008.1.2.1.99"  # unpacked whole by pydicom, to whatever size
MOST_PIXELS = 40_000_000  # of one frame; the largest mammograms have about 30 million
FACTS = {
    "modality": "Modality", "body_part": "BodyPartExamined", "study": "StudyDescription",
    "series": "SeriesDescription", "view": "ViewPosition", "side": "ImageLaterality", "institution": "InstitutionName",
    "study_uid": "StudyInstanceUID", "series_uid": "SeriesInstanceUID", "number": "InstanceNumber",
    "frames": "NumberOfFrames",
}  # fmt: skip


def tell(content: bytes) -> Told:
    """Nothing is wrong with a file that cannot be read: another viewer may."""
    with _quietly():
        data = _read(content, with_pixels=False)
        return _told(data) if data is not None else Told()


def _told(data: Any) -> Told:
    facts = {key: text for key, name in FACTS.items() if (text := _text(data, name)[:200])}
    on = _day(_text(data, "StudyDate") or _text(data, "AcquisitionDate"))
    instance = _text(data, "SOPInstanceUID")
    numbers = frozenset({("urn:dicom:uid", instance)}) if instance else frozenset[Identifier]()
    person = _person(data)
    return Told((person,) if person.is_named else (), numbers, facts | ({"on": on} if on else {}))


def can_preview(content: bytes) -> bool:
    """Whether it says that it holds pixels in a form that is read here."""
    with _quietly():
        data = _read(content, with_pixels=False)
        try:
            size = int(data.Rows) * int(data.Columns) * int(data.SamplesPerPixel)
            return 0 < size <= MOST_PIXELS and get_decoder(data.file_meta.TransferSyntaxUID).is_available
        except Exception:
            return False


def preview(content: bytes) -> bytes | None:
    """The first frame as a PNG, windowed as the file asks; None where it cannot be drawn here.

    What is burned into the pixels, names too, is in the picture.
    """
    with _quietly():
        data = _read(content, with_pixels=True)
        if data is None:
            return None
        try:
            size = int(data.Rows) * int(data.Columns) * int(data.SamplesPerPixel)
            return _drawn(data) if 0 < size <= MOST_PIXELS else None
        except Exception:
            return None


def _drawn(data: Any) -> bytes:
    frame = pixel_array(data, index=0)
    step = max(max(frame.shape[:2]) // LONGEST_SIDE, 1)
    frame = frame[::step, ::step]  # before anything is computed: the largest frames have tens of millions of pixels
    if data.PhotometricInterpretation == "PALETTE COLOR":
        frame = apply_color_lut(frame, data)
    if frame.ndim == 3:
        top = frame.max() or 1
        return as_png(Image.fromarray(frame if frame.dtype == "uint8" else (frame * (255.0 / top)).astype("uint8")))
    frame = apply_voi_lut(apply_modality_lut(frame, data), data, index=0).astype("float32")
    low, high = float(frame.min()), float(frame.max())
    grey = (frame - low) * (255.0 / ((high - low) or 1.0))
    if data.PhotometricInterpretation == "MONOCHROME1":
        grey = 255.0 - grey
    return as_png(Image.fromarray(grey.astype("uint8")))


def _read(content: bytes, *, with_pixels: bool) -> Any:
    if DEFLATED in content[:4096]:
        return None
    try:
        return pydicom.dcmread(io.BytesIO(content), stop_before_pixels=not with_pixels)
    except Exception:
        return None


@contextmanager
def _quietly() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _text(data: Any, name: str) -> str:
    """The value of an attribute as text; "" where it is missing, empty or cannot be read."""
    try:
        value = data.get(name, "")
    except Exception:
        return ""
    return " ".join(str(value).replace("\0", " ").split()) if value is not None else ""


def _person(data: Any) -> Person:
    """A person name has up to three forms (letters, ideographs, sounds), each of five parts: PS3.5, 6.2.1."""
    forms = [form.replace("^", " ") for form in _text(data, "PatientName").split("=")]
    number = _text(data, "PatientID")
    giver = _text(data, "IssuerOfPatientID") or _text(data, "InstitutionName")
    born = _day(_text(data, "PatientBirthDate"))
    names = real_names(forms)
    if not names:
        return Person()  # anonymised: its other marks are made up too
    return Person(names, "" if born[:4] <= "1900" else born, frozenset({(giver, number)} if giver and number else ()))


def _day(text: str) -> str:
    return f"{text[:4]}-{text[4:6]}-{text[6:8]}" if len(text) == 8 and text.isdecimal() else ""
