# SPDX-License-Identifier: GPL-3.0-or-later
"""Every kind of image file that an artist may have, made by Pillow or by hand, and what comes out of it."""

from __future__ import annotations

import hashlib
import io
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms

from backend.images import MAX_IMAGE_BYTES, MAX_PIXELS, MIN_SIDE, check_image, load_image
from physx_blender.errors import AssetError

W, H = 48, 32


def picture() -> Image.Image:
    """Red above left, green above right, blue below left, white below right."""
    pixels = np.zeros((H, W, 3), np.uint8)
    pixels[: H // 2, : W // 2] = (200, 30, 40)
    pixels[: H // 2, W // 2 :] = (20, 180, 60)
    pixels[H // 2 :, : W // 2] = (30, 40, 190)
    pixels[H // 2 :, W // 2 :] = 250
    return Image.fromarray(pixels)


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    stream = io.BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


def corners(rgb: np.ndarray) -> np.ndarray:
    """Colour in the middle of each quarter, row by row."""
    h, w = rgb.shape[:2]
    return np.array([rgb[y, x] for y in (h // 4, 3 * h // 4) for x in (w // 4, 3 * w // 4)], int)


EXPECTED = corners(np.asarray(picture()))


def png(width: int, height: int, depth: int, kind: int, rows: bytes, extra: bytes = b"") -> bytes:
    """A PNG by hand, for what Pillow reads but cannot write."""

    def chunk(tag: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + tag + body + struct.pack(">I", zlib.crc32(tag + body))

    head = struct.pack(">IIBBBBB", width, height, depth, kind, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + extra
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    ("kind", "options", "tolerance"),
    [
        ("PNG", {}, 0),
        ("JPEG", {"quality": 95}, 12),
        ("JPEG", {"quality": 95, "progressive": True}, 12),
        ("WEBP", {"lossless": True}, 0),
        ("WEBP", {"quality": 90}, 20),
    ],
)
def test_plain_colour(kind: str, options: dict[str, object], tolerance: int) -> None:
    data = encoded(picture(), kind, **options)
    image = load_image(data)
    assert image.rgb.shape == (H, W, 3)
    assert image.rgb.dtype == np.uint8
    assert image.size == (W, H)
    assert image.mask is None
    assert image.sha256 == hashlib.sha256(data).hexdigest()
    assert np.abs(corners(image.rgb) - EXPECTED).max() <= tolerance


def test_greyscale_is_repeated_in_three_channels() -> None:
    image = load_image(encoded(picture().convert("L"), "PNG"))
    grey = corners(np.asarray(picture().convert("L").convert("RGB")))
    assert np.array_equal(corners(image.rgb), grey)


def test_black_and_white_bits() -> None:
    image = load_image(encoded(picture().convert("1", dither=Image.Dither.NONE), "PNG"))
    assert set(np.unique(image.rgb)) <= {0, 255}
    assert tuple(image.rgb[-1, -1]) == (255, 255, 255)


def test_16_bit_grey_is_scaled_not_clipped() -> None:
    ramp = np.linspace(0, 65535, W).round().astype(">u2")
    rows = b"".join(b"\0" + ramp.tobytes() for _ in range(H))
    image = load_image(png(W, H, 16, 0, rows))
    assert np.abs(image.rgb[0, :, 0].astype(int) - np.linspace(0, 255, W)).max() <= 0.51


def test_16_bit_colour_and_alpha() -> None:
    pixels = np.zeros((H, W, 4), ">u2")
    pixels[..., 0] = 0xFFFF
    pixels[..., 1] = 0x8000
    pixels[:, W // 2 :, 3] = 0xFFFF
    rows = b"".join(b"\0" + row.tobytes() for row in pixels)
    image = load_image(png(W, H, 16, 6, rows))
    assert np.abs(image.rgb[0, -1].astype(int) - (255, 128, 0)).max() <= 1
    assert image.mask is not None
    assert np.array_equal(image.mask[0] == 255, np.arange(W) >= W // 2)


def test_16_bit_grey_with_a_transparent_shade() -> None:
    levels = np.full((H, W), 40_000, ">u2")
    levels[:, :10] = 7
    rows = b"".join(b"\0" + row.tobytes() for row in levels)
    body = struct.pack(">H", 7)
    chunk = struct.pack(">I", 2) + b"tRNS" + body + struct.pack(">I", zlib.crc32(b"tRNS" + body))
    image = load_image(png(W, H, 16, 0, rows, chunk))
    assert image.mask is not None
    assert np.array_equal(image.mask[0] == 0, np.arange(W) < 10)


def test_cmyk_jpeg_has_the_colours_it_shows() -> None:
    image = load_image(encoded(picture().convert("CMYK"), "JPEG", quality=95))
    assert np.abs(corners(image.rgb) - EXPECTED).max() <= 20


@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_turn_is_applied(orientation: int) -> None:
    """Store the picture the way a camera held that way does; reading must undo it."""
    undo = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    stored = picture() if orientation == 1 else picture().transpose(undo[orientation])
    exif = Image.Exif()
    exif[0x0112] = orientation
    image = load_image(encoded(stored, "JPEG", quality=95, exif=exif))
    assert image.size == (W, H)
    assert np.abs(corners(image.rgb) - EXPECTED).max() <= 12


def test_damaged_exif_does_not_matter() -> None:
    image = load_image(
        encoded(picture(), "JPEG", quality=95, exif=b"Exif\0\0MM\0*\0\0\0\x08\xff\xff\x01\x12")
    )
    assert image.size == (W, H)


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_alpha_is_the_mask(kind: str) -> None:
    rgba = picture().convert("RGBA")
    alpha = np.zeros((H, W), np.uint8)
    alpha[8:24, 10:30] = 255
    alpha[8, 10] = 100  # a soft corner that is more background than object
    rgba.putalpha(Image.fromarray(alpha))
    image = load_image(encoded(rgba, kind, lossless=True))
    assert image.mask is not None
    expected = alpha.copy()
    expected[8, 10] = 0
    assert np.array_equal(image.mask, expected)


def test_opaque_alpha_says_nothing() -> None:
    assert load_image(encoded(picture().convert("RGBA"), "PNG")).mask is None


def test_grey_with_alpha() -> None:
    both = picture().convert("LA")
    both.putalpha(Image.fromarray(np.tile(np.where(np.arange(W) < 20, 255, 0).astype(np.uint8), (H, 1))))
    image = load_image(encoded(both, "PNG"))
    assert image.mask is not None
    assert image.mask[:, :20].all()
    assert not image.mask[:, 20:].any()


def test_palette_with_and_without_transparency() -> None:
    palette = picture().quantize(16)
    plain = load_image(encoded(palette, "PNG"))
    assert plain.mask is None
    assert np.abs(corners(plain.rgb) - EXPECTED).max() <= 12
    key = int(np.asarray(palette)[0, 0])
    holed = load_image(encoded(palette, "PNG", transparency=key))
    assert holed.mask is not None
    assert holed.mask[0, 0] == 0
    assert holed.mask[-1, -1] == 255


def test_colour_profile_is_converted() -> None:
    """Linear pixels tagged as linear come out with the curve of sRGB; the oracle is the curve itself."""
    linear = Image.new("RGB", (W, H), (55, 55, 55))
    image = load_image(encoded(linear, "PNG", icc_profile=_linear_profile()))
    expected = 255 * (1.055 * (55 / 255) ** (1 / 2.4) - 0.055)
    assert np.abs(image.rgb[0, 0].astype(float) - expected).max() <= 2
    assert load_image(encoded(linear, "PNG")).rgb[0, 0, 0] == 55


def test_profile_of_another_colour_space_is_ignored() -> None:
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    assert np.array_equal(corners(load_image(encoded(picture(), "PNG", icc_profile=lab)).rgb), EXPECTED)
    assert np.array_equal(
        corners(load_image(encoded(picture(), "PNG", icc_profile=b"rubbish")).rgb), EXPECTED
    )


def _linear_profile() -> bytes:
    """The sRGB profile with its three tone curves replaced by the identity (a 'curv' tag with no entries)."""
    data = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    count = struct.unpack_from(">I", data, 128)[0]
    for k in range(count):
        tag, offset, size = struct.unpack_from(">4sII", data, 132 + 12 * k)
        if tag in (b"rTRC", b"gTRC", b"bTRC"):
            assert size >= 12
            data[offset : offset + 12] = b"curv" + bytes(8)
    return bytes(data)


def test_mask_file_wins_over_alpha(tmp_path: Path) -> None:
    path = tmp_path / "chair.png"
    rgba = picture().convert("RGBA")
    rgba.putalpha(Image.fromarray(np.tile(np.where(np.arange(W) < 5, 255, 0).astype(np.uint8), (H, 1))))
    rgba.save(path)
    mask = np.zeros((H, W), np.uint8)
    mask[4:9, 4:9] = 255
    Image.fromarray(mask).save(tmp_path / "mask.png")
    image = load_image(path, tmp_path / "mask.png")
    assert image.mask is not None
    assert np.array_equal(image.mask, mask)
    assert image.name == "chair"


def test_mask_may_be_given_by_its_alpha() -> None:
    alpha = np.zeros((H, W), np.uint8)
    alpha[2:5] = 255
    cut = picture().convert("RGBA")
    cut.putalpha(Image.fromarray(alpha))
    image = load_image(encoded(picture(), "PNG"), encoded(cut, "PNG"))
    assert image.mask is not None
    assert np.array_equal(image.mask, alpha)


def test_mask_of_another_size_names_both() -> None:
    with pytest.raises(AssetError, match=r"20 x 20 pixels but the image is 48 x 32"):
        load_image(encoded(picture(), "PNG"), encoded(Image.new("L", (20, 20), 255), "PNG"))


def test_black_mask_is_refused() -> None:
    with pytest.raises(AssetError, match="marks nothing"):
        load_image(encoded(picture(), "PNG"), encoded(Image.new("L", (W, H)), "PNG"))


def test_fully_transparent_image_is_refused() -> None:
    with pytest.raises(AssetError, match="completely transparent"):
        load_image(encoded(Image.new("RGBA", (W, H)), "PNG"))


def test_tiny_image_is_refused() -> None:
    with pytest.raises(AssetError, match=r"1 x 1 pixels, too small"):
        load_image(encoded(Image.new("RGB", (1, 1)), "PNG"))
    assert load_image(encoded(Image.new("RGB", (MIN_SIDE, MIN_SIDE)), "PNG")).size == (MIN_SIDE, MIN_SIDE)


def test_huge_image_is_refused_before_it_is_decoded() -> None:
    """A bomb: a few hundred bytes that claim more pixels than fit; there is nothing behind the head to decode."""
    side = 20_000
    assert side * side > MAX_PIXELS
    with pytest.raises(AssetError, match=r"megapixels.*save it smaller"):
        load_image(png(side, side, 8, 2, b"\0"))
    with pytest.raises(AssetError, match=r"12000 x 12000 pixels, over the limit"):
        load_image(png(12_000, 12_000, 8, 2, b"\0"))
    with pytest.raises(AssetError, match=r"over the limit"):
        load_image(png(60_000, 20, 8, 2, b"\0"))


def test_large_but_allowed_image() -> None:
    big = Image.new("RGB", (6000, 4000), (10, 200, 30))
    image = load_image(encoded(big, "JPEG"))
    small = image.reduced(1024)
    assert small.rgb.shape == (683, 1024, 3)
    assert small.size == (6000, 4000)
    assert small.sha256 == image.sha256
    assert image.reduced(10_000) is image


def test_reduced_keeps_the_mask_in_step() -> None:
    rgba = Image.new("RGBA", (200, 100))
    rgba.paste((255, 0, 0, 255), (100, 0, 200, 100))
    small = load_image(encoded(rgba, "PNG")).reduced(20)
    assert small.mask is not None
    assert small.mask.shape == (10, 20)
    assert np.array_equal(small.mask[0] == 255, np.arange(20) >= 10)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
@pytest.mark.parametrize("keep", [0.3, 0.6, 0.95])
def test_truncated_file(kind: str, keep: float) -> None:
    noise = Image.fromarray(np.random.default_rng(1).integers(0, 255, (120, 160, 3), np.uint8))
    data = encoded(noise, kind)
    with pytest.raises(AssetError, match=r"truncated|damaged"):
        load_image(data[: int(len(data) * keep)])


def test_flipped_bytes_inside_a_png() -> None:
    data = bytearray(encoded(Image.effect_noise((100, 100), 50), "PNG"))
    middle = len(data) // 2
    data[middle : middle + 20] = b"\xff" * 20
    with pytest.raises(AssetError, match=r"damaged|truncated"):
        load_image(bytes(data))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"hello, I am a text file\n" * 20, "is not an image; use JPEG, PNG or WebP"),
        (b"", "is empty"),
        (b"GIF89a" + b"\0" * 100, "is a GIF file, which is not supported"),
        (b"%PDF-1.7\n" + b"\0" * 100, "is a PDF file"),
        (b"\0\0\0\x18ftypheic" + b"\0" * 100, "HEIC or AVIF"),
        (b"\x89PNG\r\n", "damaged at its very beginning"),
        (b"\xff\xd8\xff", "damaged at its very beginning"),
        (b"\0" * 1000, "is not an image"),
    ],
)
def test_not_an_image(data: bytes, message: str) -> None:
    with pytest.raises(AssetError, match=message) as caught:
        load_image(data, where="photo.jpg")
    assert str(caught.value).startswith("photo.jpg: ")
    with pytest.raises(AssetError):
        check_image(data if data else b"x")


def test_tiff_named_png_is_refused_by_content(tmp_path: Path) -> None:
    path = tmp_path / "scan.png"
    picture().save(path, "TIFF")
    with pytest.raises(AssetError, match="is a TIFF file"):
        load_image(path)


def test_missing_file_folder_and_too_many_bytes(tmp_path: Path) -> None:
    with pytest.raises(AssetError, match="does not exist"):
        load_image(tmp_path / "none.png")
    with pytest.raises(AssetError, match="is a folder"):
        load_image(tmp_path)
    big = tmp_path / "big.png"
    with big.open("wb") as stream:
        stream.truncate(MAX_IMAGE_BYTES + 1)  # sparse: takes no room
    with pytest.raises(AssetError, match="over the limit of 64 MB"):
        load_image(big)


def test_check_image_accepts_what_loads() -> None:
    for kind in ("PNG", "JPEG", "WEBP"):
        check_image(encoded(picture(), kind))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    kind=st.sampled_from(["PNG", "JPEG", "WEBP"]),
    places=st.lists(
        st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), min_size=1, max_size=12
    ),
)
def test_damaged_bytes_give_an_image_or_one_sentence(kind: str, places: list[tuple[float, int]]) -> None:
    data = bytearray(encoded(picture(), kind))
    for place, value in places:
        data[int(place * len(data))] = value
    try:
        image = load_image(bytes(data))
    except AssetError as error:
        sentence = str(error)
    else:
        sentence = ""
        assert image.rgb.ndim == 3
    assert "\n" not in sentence
