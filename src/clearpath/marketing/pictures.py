"""Pictures of advertisements are drawn anew: upright, smaller, without what a camera or program wrote into them."""

import io
import warnings

from PIL import Image, ImageOps

MOST_BYTES = 5_000_000
MOST_PIXELS = 60_000_000  # phones take up to 50 million
LONGEST_SIDE = 1200  # pixels
QUALITY = 82
FORMATS = ["JPEG", "PNG", "WEBP"]
MEDIA_TYPE = "image/jpeg"


def drawn_anew(content: bytes) -> bytes | None:
    """The picture as a JPEG; None where it is too large, damaged, or none of JPEG, PNG and WebP."""
    if len(content) > MOST_BYTES:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(content), formats=FORMATS) as picture:
                if picture.width * picture.height > MOST_PIXELS:
                    return None
                picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
                return _as_jpeg(ImageOps.exif_transpose(picture))
    except Exception:  # what others send breaks decoders in ways that none of them documents
        return None


def _as_jpeg(picture: Image.Image) -> bytes:
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    clear = picture.convert("RGBA")
    drawn = Image.new("RGB", clear.size, "white")  # without what the other one carries in its `info`
    drawn.paste(clear, mask=clear.getchannel("A"))
    written = io.BytesIO()
    drawn.save(written, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    return written.getvalue()
