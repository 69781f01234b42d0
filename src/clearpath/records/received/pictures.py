"""Pictures are drawn anew for a page: upright, smaller, without what a camera wrote into them."""

import io
import warnings

import pillow_heif
from PIL import Image, ImageOps

from clearpath.records.received.kinds import HEIC, JPEG, PNG

MOST_PIXELS = 60_000_000  # phones take up to 50 million
LONGEST_SIDE = 1600  # pixels of the preview
FORMATS = {JPEG: "JPEG", PNG: "PNG", HEIC: "HEIF"}

pillow_heif.register_heif_opener()


def can_preview(content: bytes, media_type: str) -> bool:
    """Whether it looks like a picture that can be drawn, by its first bytes alone."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(content), formats=[FORMATS[media_type]]) as picture:
                return picture.width * picture.height <= MOST_PIXELS
    except Exception:
        return False


def preview(content: bytes, media_type: str) -> bytes | None:
    """The picture as a PNG or JPEG; None where it is too large, damaged, or none at all."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(content), formats=[FORMATS[media_type]]) as picture:
                if picture.width * picture.height > MOST_PIXELS:
                    return None
                picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
                upright = ImageOps.exif_transpose(picture)
                return as_png(upright) if media_type == PNG else _as_jpeg(upright)
    except Exception:
        return None


def as_png(picture: Image.Image) -> bytes:
    """Drawn anew as a PNG, no side longer than LONGEST_SIDE."""
    drawn = picture.convert("RGBA" if "A" in picture.getbands() else "RGB" if picture.mode not in {"L", "1"} else "L")
    return _saved(drawn, "PNG")


def _as_jpeg(picture: Image.Image) -> bytes:
    return _saved(picture.convert("RGB"), "JPEG")


def _saved(picture: Image.Image, form: str) -> bytes:
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    picture.info.clear()  # what would be written again: times, places, colour profiles, comments
    written = io.BytesIO()
    picture.save(written, form, optimize=False)
    return written.getvalue()
