"""Pictures of digits as readers have them: drawings from programs, photographs of paper."""
from pathlib import Path

import numpy as np
from PIL import Image, ImageCms, ImageFilter

from common.drawing.strokes import draw_digit

FILES = Path(__file__).parent / "photos"  # small files, each of a 7
WHITE, BOX = (255, 255, 255), Image.Resampling.BOX


def all_pictures(folder):
    """Write all pictures into a folder; return {path: digit, or None where there is none}."""
    return drawings(folder) | photographs(folder) | {path: 7 for path in FILES.iterdir()}


def save(folder, name, picture, digit, found, **how):
    """Save a picture, and note which digit it shows, or None where it shows none."""
    picture.save(folder / name, **how)
    found[folder / name] = digit


def drawings(folder):
    """Write pictures as programs save them; return {path: digit}."""
    found, ink = {}, draw_digit(7, size=170, top=60, left=90)
    on_paper, opacity = Image.fromarray(255 - ink), Image.fromarray(ink)
    save(folder, "white_on_black.png", opacity, 7, found)
    save(folder, "black_on_white.png", on_paper, 7, found)
    for color in ("black", "white", "navy", "gray"):
        on_nothing = Image.new("RGB", on_paper.size, color).convert("RGBA")
        on_nothing.putalpha(opacity)
        save(folder, f"{color}_on_transparent.png", on_nothing, 7, found)
    one = Image.new("LA", (40, 200))  # cut close: most of it is ink
    one.paste((0, 255), (4, 4, 36, 196))
    save(folder, "one_cut_close.png", one, 1, found)
    on_nothing = Image.merge("LA", [Image.new("L", on_paper.size, 0), opacity])
    save(folder, "grey_with_alpha.png", on_nothing, 7, found)
    palette = Image.fromarray(np.uint8(ink > 127)).convert("P")
    palette.putpalette([9, 9, 9, 0, 0, 0])
    save(folder, "palette_with_a_transparent_colour.png", palette, 7, found, transparency=0)
    card = Image.new("RGBA", (400, 400))
    card.paste(on_paper.convert("RGBA"), (60, 60))
    save(folder, "card_on_transparent.png", card, 7, found)
    card = Image.new("RGBA", (900, 900))
    card.paste(on_paper.convert("RGBA"), (310, 310))
    save(folder, "small_card_on_transparent.png", card, 7, found)
    for name, paper, pen in [("red_on_white", WHITE, (220, 0, 0)),
                             ("blue_on_white", WHITE, (0, 0, 255)),
                             ("faint_on_white", WHITE, (190, 190, 190)),
                             ("night", (30, 30, 36), (235, 235, 235)),
                             ("cream", (250, 243, 224), (60, 50, 40)),
                             ("yellow_on_navy", (0, 0, 80), (255, 230, 0))]:
        save(folder, f"{name}.png", painted(ink, paper, pen), 7, found)
    for format in ("gif", "webp", "bmp"):
        save(folder, f"drawing.{format}", on_paper, 7, found)
    save(folder, "drawing.jpg", on_paper.convert("RGB"), 7, found, quality=70)
    save(folder, "four_colours.jpg", on_paper.convert("CMYK"), 7, found)
    save(folder, "16_bits.png", Image.fromarray((255 - ink).astype(np.uint16) * 257), 7, found)
    bits = on_paper.convert("1", dither=Image.Dither.NONE)
    save(folder, "one_bit.png", bits, 7, found)
    save(folder, "a_bit_of_36_megapixels.png", bits.resize((6000, 6000)), 7, found)
    save(folder, "progressive.jpg", on_paper, 7, found, progressive=True)
    save(folder, "as_small_as_those_of_MNIST.png", opacity.resize((28, 28), BOX), 7, found)
    save(folder, "tiny.png", on_paper.crop((80, 50, 210, 240)).resize((13, 19), BOX), 7, found)
    cut_out = Image.merge("LA", [on_paper, opacity]).convert("RGBA")  # with a white rim
    save(folder, "cut_out.webp", cut_out, 7, found, lossless=True)
    save(folder, "first_of_two.gif", on_paper, 7, found, save_all=True,
         append_images=[Image.fromarray(255 - draw_digit(3))])
    save(folder, "profile.png", on_paper.convert("RGB"), 7, found,
         icc_profile=ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    save(folder, "wide.png", on_paper.crop((0, 40, 280, 250)).resize((1400, 1050)), 7, found)
    save(folder, "nothing.png", Image.new("RGBA", (100, 100)), None, found)
    save(folder, "black.png", Image.new("L", (100, 100)), None, found)
    save(folder, "white.png", Image.new("RGB", (100, 60), "white"), None, found)
    save(folder, "cream_sheet.png", Image.new("RGB", (100, 60), (250, 243, 224)), None, found)
    for orientation, turn in enumerate([
            None, Image.Transpose.FLIP_LEFT_RIGHT, Image.Transpose.ROTATE_180,
            Image.Transpose.FLIP_TOP_BOTTOM, Image.Transpose.TRANSPOSE, Image.Transpose.ROTATE_90,
            Image.Transpose.TRANSVERSE, Image.Transpose.ROTATE_270], 1):
        exif = Image.Exif()
        exif[0x0112] = orientation
        held = on_paper.crop((0, 40, 280, 250))
        turned = held if turn is None else held.transpose(turn)
        for format in ("jpg", "webp"):
            save(folder, f"held_{orientation}.{format}", turned, 7, found, exif=exif, quality=95)
    exif = Image.Exif()
    exif[0x0112] = 6
    save(folder, "held.png", held.transpose(Image.Transpose.ROTATE_90), 7, found, exif=exif)
    return found


def painted(ink, paper, pen):
    share = (ink / 255)[..., None]
    return Image.fromarray(np.rint(share * pen + (1 - share) * paper).astype(np.uint8))


def photographs(folder):
    """Write photographs of digits on paper; return {path: digit}."""
    found = {}
    for name, how in PHOTOGRAPHS.items():
        how = dict(digit=7) | how
        save(folder, f"{name}.jpg", photograph(**how), how["digit"], found, quality=88)
    return found


PHOTOGRAPHS = {
    "grey_paper": dict(paper=(198, 198, 196)),
    "white_paper": dict(paper=(238, 236, 230), digit=3),
    "blown_out": dict(paper=(300, 300, 300), slope=0.3, digit=5),
    "dim": dict(paper=(62, 60, 56), pen=(18, 18, 20), noise=3),
    "very_dim": dict(paper=(34, 33, 31), pen=(9, 9, 10), noise=2.5, digit=2),
    "blue_pen": dict(pen=(50, 70, 150), width=9, digit=4),
    "light_blue_pen": dict(pen=(110, 140, 200), width=12),
    "red_pen": dict(pen=(190, 50, 50), width=10, digit=6),
    "pencil": dict(pen=(140, 140, 140), width=8, digit=8),
    "thick_marker": dict(pen=(20, 20, 20), width=34, digit=9),
    "thin_pen": dict(pen=(40, 40, 60), width=4, digit=3),
    "small": dict(size=70, width=8, left=150, top=60, digit=5),
    "lamp": dict(paper=(240, 205, 150), slope=0.5, digit=2),
    "soft_shadow": dict(shadow=0.5, soft=40, digit=5),
    "hard_shadow": dict(shadow=0.45, digit=8),
    "hard_shadow_and_dim": dict(paper=(110, 108, 104), pen=(30, 30, 40), shadow=0.5, digit=0),
    "deep_shadow": dict(shadow=0.28, digit=4),
    "noisy": dict(noise=18, digit=6),
    "ruled": dict(ruled=(170, 185, 215), digit=3),
    "squared": dict(ruled=(185, 195, 215), squared=True, digit=9),
    "on_a_table": dict(table=(70, 50, 35), digit=2),
    "on_a_dark_table_in_shadow": dict(table=(15, 12, 10), shadow=0.6, digit=6),
    "dust": dict(dust=25, digit=0),
    "chalk": dict(paper=(42, 60, 50), pen=(225, 228, 220), width=14, digit=3),
    "chalk_in_light": dict(paper=(70, 92, 80), pen=(235, 235, 230), slope=0.4, digit=9),
    "yellow_paper": dict(paper=(235, 215, 90), digit=2),
    "pink_paper": dict(paper=(240, 170, 190), pen=(40, 40, 120), digit=8),
    "blue_paper": dict(paper=(120, 160, 215), digit=4),
    "brown_paper": dict(paper=(165, 125, 85), pen=(30, 25, 25), digit=3),
    "white_on_black_paper": dict(paper=(28, 27, 30), pen=(235, 235, 235), digit=5),
    "white_on_blue_paper": dict(paper=(40, 70, 150), pen=(240, 240, 240), digit=6),
    "upright": dict(shape=(800, 600), digit=1),
    "empty": dict(digit=None),
    "empty_in_shadow": dict(digit=None, shadow=0.5, soft=15),
    "empty_noisy": dict(digit=None, noise=18),
    "empty_dim": dict(digit=None, paper=(40, 40, 38), noise=3),
}


def photograph(digit, paper=(200, 199, 194), pen=(35, 38, 60), size=150, width=14, left=110, top=35,
               shadow=1.0, soft=1.5, slope=0.15, noise=5.0, ruled=None, squared=False, table=None,
               dust=0, shape=(600, 800), seed=0):
    """Return a photograph of a digit on paper, as a picture in colour.

    size, width, left, top: of the digit, in 280ths of the photograph's longer side. shadow: how
    bright the shaded half is; soft: how wide its edge, in pixels. slope: how much darker one corner
    is than the other. noise: the scatter of a pixel. ruled: colour of the lines. table: its colour,
    seen left of the paper. dust: how many specks.
    """
    rng, (height, wide) = np.random.default_rng(seed), shape
    longest = max(shape)
    ink = np.zeros((280, 280)) if digit is None else draw_digit(digit, size, top, left, width)
    for x, y in rng.integers(10, 200, (dust, 2)):
        ink[y:y + 2, x:x + 2] = 255
    sheet = Image.fromarray(ink.astype(np.uint8)).resize((longest, longest))
    share = np.asarray(sheet)[:height, :wide, None] / 255
    y, x = np.indices(shape) / longest
    ground = np.ones((*shape, 3)) * paper
    if ruled:
        lines = (np.floor(y * longest) % 40 < 2) | squared & (np.floor(x * longest) % 40 < 2)
        ground[lines] = ruled
    seen = share * pen + (1 - share) * ground
    if table:
        seen[x + 0.05 * y < 0.2] = table
    light = 1 - slope * (x + y) / 2
    edge = (x + 0.6 * y - 0.75) * longest / soft
    light *= shadow + (1 - shadow) / (1 + np.exp(np.clip(edge, -50, 50)))
    seen = seen * light[..., None]
    grain = rng.normal(0, noise, (*shape, 1)) * (1, 0.9, 1.1)
    picture = Image.fromarray(np.clip(seen + grain, 0, 255).astype(np.uint8))
    return picture.filter(ImageFilter.GaussianBlur(longest / 1000))
