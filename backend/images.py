# SPDX-License-Identifier: GPL-3.0-or-later
"""Read reference images: whatever a camera, a phone or a paint program writes becomes 8-bit sRGB and a mask.

JPEG, PNG and WebP; 8 and 16 bits; greyscale, palette, RGB, CMYK; with the turn of EXIF applied and an embedded colour
profile converted to sRGB. Transparency becomes the mask. Everything else is refused with one sentence.
"""

from __future__ import annotations

import hashlib
import io
import warnings
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from physx_blender.errors import AssetError

MAX_IMAGE_BYTES = 64 * 1024 * 1024
MAX_PIXELS = 100_000_000
"""Twice the picture of a 48 megapixel phone; decoded it takes 300 MB."""
MAX_SIDE = 30_000
MIN_SIDE = 16
FORMATS = ("JPEG", "PNG", "WEBP")
_MASK_THRESHOLD = 128

Pixels = npt.NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class ReferenceImage:
    """A reference image as the generator takes it.

    rgb: (H, W, 3) uint8, sRGB, upright; under full transparency the colours are whatever the file holds.
    mask: (H, W) uint8, 255 = object, 0 = background; None when neither the file nor the user says.
    sha256: of the bytes of the file.  name: stem of the file, may be empty.
    size: (width, height) in pixels as the picture was given, upright.
    """

    rgb: Pixels
    mask: Pixels | None
    sha256: str
    size: tuple[int, int]
    name: str = ""

    def __post_init__(self) -> None:
        if self.rgb.ndim != 3 or self.rgb.shape[2] != 3 or self.rgb.dtype != np.uint8:
            raise AssetError(
                f"needs (H, W, 3) uint8, got {self.rgb.shape} {self.rgb.dtype}", where="reference image"
            )
        if self.mask is not None and (self.mask.shape != self.rgb.shape[:2] or self.mask.dtype != np.uint8):
            raise AssetError(
                f"needs a mask of {self.rgb.shape[:2]}, got {self.mask.shape}", where="reference image"
            )

    def reduced(self, longest: int) -> ReferenceImage:
        """The same picture with no side over `longest` pixels (area average); itself if it is small enough.

        `size` and `sha256` still tell of the file.
        """
        height, width = self.rgb.shape[:2]
        scale = longest / max(height, width)
        if scale >= 1.0:
            return self
        size = (max(1, round(width * scale)), max(1, round(height * scale)))
        rgb = np.asarray(Image.fromarray(self.rgb).resize(size, Image.Resampling.BOX))
        mask = None
        if self.mask is not None:
            mask = np.asarray(Image.fromarray(self.mask).resize(size, Image.Resampling.BOX))
        return ReferenceImage(rgb, mask, self.sha256, self.size, self.name)


def load_image(
    source: bytes | Path,
    mask: bytes | Path | None = None,
    *,
    where: str = "",
    mask_where: str = "",
) -> ReferenceImage:
    """Read an image and, optionally, a mask of the same size (white or opaque = object).

    `where` names the image in messages and defaults to the file name. A mask that is given replaces the image's own
    transparency. Raises `AssetError` when one of them cannot be used.
    """
    where = where or (source.name if isinstance(source, Path) else "image")
    data = _bytes(source, where)
    picture = _decode(data, where)
    rgba = _alpha(picture)
    rgb = np.asarray(_to_srgb(picture, where))
    own = None if rgba is None else _as_mask(rgba)
    if mask is not None:
        mask_where = mask_where or (mask.name if isinstance(mask, Path) else "mask")
        own = _read_mask(_bytes(mask, mask_where), mask_where, (rgb.shape[1], rgb.shape[0]))
    elif own is not None and not own.any():
        raise AssetError(
            "is completely transparent; show the object, or remove the transparency", where=where
        )
    if own is not None and own.all():
        own = None  # says nothing
    name = source.stem if isinstance(source, Path) else ""
    return ReferenceImage(
        np.ascontiguousarray(rgb), own, hashlib.sha256(data).hexdigest(), (rgb.shape[1], rgb.shape[0]), name
    )


def check_image(data: bytes, where: str = "image") -> None:
    """Raise `AssetError` if `data` cannot be an image that `load_image` takes, by its head alone (fast)."""
    with _open(data, where):
        pass


def _bytes(source: bytes | Path, where: str) -> bytes:
    if isinstance(source, bytes):
        data = source
    else:
        try:
            size = source.stat().st_size
            if size > MAX_IMAGE_BYTES:
                data = b""
            elif source.is_dir():
                raise AssetError("is a folder; name an image in it", where=where)
            else:
                data = source.read_bytes()
                size = len(data)
        except FileNotFoundError:
            raise AssetError("does not exist; check the path", where=str(source)) from None
        except OSError as error:
            raise AssetError(f"cannot be read: {error.strerror or error}", where=str(source)) from None
        if size > MAX_IMAGE_BYTES:
            raise AssetError(_too_many_bytes(size), where=where)
    if len(data) > MAX_IMAGE_BYTES:
        raise AssetError(_too_many_bytes(len(data)), where=where)
    if not data:
        raise AssetError("is empty; save the image again", where=where)
    return data


def _too_many_bytes(size: int) -> str:
    return f"has {size / 2**20:.0f} MB, over the limit of {MAX_IMAGE_BYTES // 2**20} MB; save it smaller"


def _open(data: bytes, where: str) -> Image.Image:
    """Open without decoding, and check the size that the head of the file states."""
    try:
        with warnings.catch_warnings():
            # Pillow's own limit warns below ours; what counts is checked right here, before anything is decoded.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(data), formats=FORMATS)
    except Image.DecompressionBombError:
        raise AssetError(f"has over {MAX_PIXELS // 10**6} megapixels; save it smaller", where=where) from None
    except UnidentifiedImageError:
        raise AssetError(_not_an_image(data), where=where) from None
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        raise AssetError(f"is damaged and cannot be opened ({error}); save it again", where=where) from None
    width, height = picture.size
    if min(width, height) < MIN_SIDE:
        raise AssetError(
            f"is {width} x {height} pixels, too small to see anything; use at least {MIN_SIDE} x {MIN_SIDE}",
            where=where,
        )
    if width * height > MAX_PIXELS or max(width, height) > MAX_SIDE:
        raise AssetError(
            f"is {width} x {height} pixels, over the limit of {MAX_PIXELS // 10**6} megapixels "
            f"and {MAX_SIDE} a side; save it smaller",
            where=where,
        )
    return picture


_OTHER_FORMATS = (
    (b"GIF8", "GIF"),
    (b"BM", "BMP"),
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
    (b"%PDF", "PDF"),
    (b"\x76\x2f\x31\x01", "OpenEXR"),
    (b"<svg", "SVG"),
)


def _not_an_image(data: bytes) -> str:
    accepted = "use JPEG, PNG or WebP"
    if data[4:8] == b"ftyp" and data[8:12] in (b"heic", b"heix", b"mif1", b"avif", b"hevc", b"msf1"):
        return f"is an HEIC or AVIF image, which is not supported; {accepted}"
    for signature, name in _OTHER_FORMATS:
        if data.startswith(signature):
            return f"is a {name} file, which is not supported; {accepted}"
    if data.startswith((b"\xff\xd8", b"\x89PNG", b"RIFF")):
        return "is damaged at its very beginning; save it again"
    return f"is not an image; {accepted}"


def _decode(data: bytes, where: str) -> Image.Image:
    """Decode fully (so that a truncated file is noticed) and apply the turn of EXIF."""
    picture = _open(data, where)
    try:
        picture.load()
    except (OSError, SyntaxError, ValueError, EOFError, Image.DecompressionBombError) as error:
        cut = "truncated" in str(error) or "Truncated" in str(error) or isinstance(error, EOFError)
        what = "is truncated (the file ends too early)" if cut else f"is damaged ({error})"
        raise AssetError(f"{what}; save or download it again", where=where) from None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # of damaged EXIF; see below
            turned = ImageOps.exif_transpose(picture)
    except (OSError, SyntaxError, ValueError, KeyError, TypeError, ZeroDivisionError):
        return picture  # the pixels are good and only the note on the turn is not: take them as they stand
    return turned if turned is not None else picture


def _alpha(picture: Image.Image) -> Pixels | None:
    """Transparency (H, W) uint8, or None if the image has none."""
    if picture.mode in ("RGBA", "LA", "PA"):
        return np.asarray(picture.getchannel("A"))
    if "transparency" in picture.info:
        if picture.mode.startswith("I"):
            # 16-bit grey with one colour declared transparent; Pillow's conversion would lose it
            key = picture.info["transparency"]
            if isinstance(key, int):
                return np.where(np.asarray(picture) == key, 0, 255).astype(np.uint8)
            return None
        return np.asarray(picture.convert("RGBA").getchannel("A"))
    return None


def _to_srgb(picture: Image.Image, where: str) -> Image.Image:
    if picture.mode.startswith("I"):
        # 16-bit grey arrives as I;16 (or I): Pillow's conversion to L would clip at 255 instead of scaling
        wide = np.asarray(picture).astype(np.float64)
        return Image.fromarray(np.round(np.clip(wide, 0, 65535) / 257.0).astype(np.uint8)).convert("RGB")
    profile = picture.info.get("icc_profile")
    if profile and picture.mode in ("RGB", "RGBA", "CMYK", "L"):
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            base = picture.convert("RGB") if picture.mode == "RGBA" else picture
            converted = ImageCms.profileToProfile(
                base, source, ImageCms.createProfile("sRGB"), outputMode="RGB"
            )
            if converted is not None:
                return converted
        except (ImageCms.PyCMSError, OSError, ValueError):
            # a profile that is damaged, or of another colour space than the pixels: read as untagged below
            return picture.convert("RGB")
    try:
        # palettes that hold transparency convert by way of RGBA
        return (picture.convert("RGBA") if picture.mode in ("P", "PA") else picture).convert("RGB")
    except (OSError, ValueError) as error:
        raise AssetError(
            f"has colours of a kind that cannot be read ({error}); save it as RGB", where=where
        ) from None


def _as_mask(alpha: Pixels) -> Pixels:
    return np.where(alpha >= _MASK_THRESHOLD, 255, 0).astype(np.uint8)


def _read_mask(data: bytes, where: str, size: tuple[int, int]) -> Pixels:
    picture = _decode(data, where)
    if picture.size != size:
        raise AssetError(
            f"is {picture.size[0]} x {picture.size[1]} pixels but the image is {size[0]} x {size[1]}; "
            "a mask must have the size of its image",
            where=where,
        )
    alpha = _alpha(picture)
    if alpha is None or alpha.min() >= _MASK_THRESHOLD:
        alpha = np.asarray(_to_srgb(picture, where).convert("L"))
    found = _as_mask(alpha)
    if not found.any():
        raise AssetError("marks nothing; paint the object white on black", where=where)
    return found
