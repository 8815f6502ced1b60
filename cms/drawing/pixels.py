"""Pictures in the drawing process: pixels and nothing else come out, whatever the file carried."""

from __future__ import annotations

import io
import warnings
from collections.abc import Sequence

from PIL import Image, ImageOps

from cms.drawing.child import Refused


def redraw(data: bytes, *, form: str, wanted: str, max_pixels: int, min_edge: int, max_edge: int) -> bytes:
    """The picture upright, at most `max_edge` wide and high, encoded as `wanted`; Refused otherwise."""
    with _opened(data, [form], max_pixels) as picture:
        if min(picture.size) < min_edge:
            raise Refused("too_small")
        if getattr(picture, "n_frames", 1) > 1:
            raise Refused("animated")
        # A JPEG is decoded no larger than it is kept: a sixteenth of the memory for a phone's photo.
        picture.draft(None, (max_edge, max_edge))
        picture.load()
        # The only metadata that changes what is seen is applied, then dropped with the rest. Made smaller
        # first: of a large picture there is never a second one in memory.
        flat = picture if picture.mode in ("RGB", "RGBA", "L") else picture.convert("RGB")
        flat.thumbnail((max_edge, max_edge))
        upright = ImageOps.exif_transpose(flat)
    if wanted == "JPEG" and upright.mode != "L":
        upright = upright.convert("RGB")
    fresh = Image.new(upright.mode, upright.size)
    fresh.paste(upright)
    out = io.BytesIO()
    fresh.save(out, wanted, **({"quality": 88} if wanted != "PNG" else {"optimize": False}))
    return out.getvalue()


def check(data: bytes, *, forms: Sequence[str], max_pixels: int) -> None:
    """Decode the whole file; Refused unless it is one picture of these forms and of acceptable size."""
    with _opened(data, forms, max_pixels) as picture:
        picture.load()


def _opened(data: bytes, forms: Sequence[str], max_pixels: int) -> Image.Image:
    """The picture, its header read; pixels are counted before any is decoded."""
    if "HEIF" in forms:
        from pillow_heif import register_heif_opener

        register_heif_opener(thumbnails=False, decode_threads=1)
    with warnings.catch_warnings():
        # Pillow warns of a bomb above a limit of its own; ours is decided here.
        warnings.simplefilter("ignore")
        try:
            picture = Image.open(io.BytesIO(data), formats=list(forms))
        except Image.DecompressionBombError as error:
            raise Refused("too_many_pixels") from error
    if picture.width * picture.height > max_pixels:
        raise Refused("too_many_pixels")
    return picture
