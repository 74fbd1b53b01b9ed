"""Ink and paper: from a grey picture of any light to bright ink on black.

web/photo.js does the same in the same steps, so that page and notebook see the same ink.
"""
import numpy as np

CLEAN = 25.5   # in a drawing made on a screen, what is fainter than this borders on ink
WINDOW = 0.22  # side of a square that no stroke fills, as a share of the picture's longer side
FAINT = 0.1    # ink darkens paper by at least this share
NOISE = 6      # and by this many times the scatter of the paper
BEGINS, ENDS = 0.4, 0.75  # where ink begins and is full, as shares of the darkest ink
SPECK = 0.05   # a part with less ink than this share of the largest is dust
EDGE = 0.05    # from this share on, a part inside wins over one that touches the picture's edge


def ink_of(grey, alpha=None):
    """Return the ink of a picture as uint8 (height, width), bright on black.

    grey: uint8 (height, width), ink on ground of any brightness. A drawing made on a screen, whose
    ground is black or white throughout, keeps every value of its ink. In a photograph the paper is
    found first, then what is darker than it (or brighter, such as chalk); paper, shadows and dust
    become black. A picture without ink becomes black throughout.
    alpha: how opaque the picture is, alike, where it is not opaque throughout; its grey is then
    darkened by as much. Ink on transparent ground is as bright as it is opaque, of any colour.
    """
    if alpha is not None:
        paper = paper_of(grey, alpha)
        if paper is None:
            return alpha
        grey = np.rint(np.minimum(grey + paper * (255.0 - alpha) / 255, 255)).astype(np.uint8)
    ink = drawn_ink(grey)
    return photographed_ink(grey) if ink is None else ink


def paper_of(grey, alpha):
    """Return how bright the sheet is that a partly transparent picture shows, or None for ink.

    It shows a sheet where what is opaque has ink on it, or is bright and more than half of all.
    """
    # The rim of what was cut out is half transparent, and has some of the old ground's colour.
    opaque = (alpha >= 128) & (10 * alpha.astype(np.int64) >= 9 * int(alpha.max()))
    if not opaque.any():
        return None
    tones = np.sort(255 * grey[opaque].astype(np.int64) // alpha[opaque])
    paper, rare = tones[len(tones) // 2], len(tones) // 100
    written_on = tones[len(tones) - 1 - rare] - tones[rare] >= 64
    return paper if written_on or 2 * len(tones) > grey.size and paper >= 128 else None


def drawn_ink(grey):
    """Return the ink of a drawing made on a screen, or None where the picture is none.

    Half of it at least is exactly black or exactly white, and what differs a little from that
    ground only borders on what differs much.
    """
    ground = next((value for value in (0, 255) if 2 * np.sum(grey == value) >= grey.size), None)
    if ground is None:
        return None
    ink = grey if ground == 0 else 255 - grey
    if np.any((ink > 0) & (filtered(ink >= CLEAN, 3, np.max) == 0)):
        return None
    most = int(ink.max())
    return ink if most >= 128 or most == 0 else np.rint(ink * (255 / most)).astype(np.uint8)


def photographed_ink(grey):
    """Return the ink of a photograph as uint8 (height, width), bright on black."""
    light = grey.astype(np.float64)
    if ink_is_bright(light):
        light = 255 - light
    window = 2 * max(1, round_half_up(WINDOW * max(light.shape) / 2)) + 1
    # At the edges paper and shadows go on outside, as strokes that are cut do.
    beyond = np.pad(light, window // 2, mode="edge")
    paper = filtered(filtered(beyond, window, np.max), window, np.min)
    paper = paper[window // 2:-(window // 2), window // 2:-(window // 2)]
    share = light / np.maximum(paper, 1)  # of the light that the paper would send
    share = share / max(middle(share), 1e-9)
    darker = 1 - share
    scatter = 1.4826 * middle(np.abs(darker - middle(darker)))
    full = np.sort(darker, axis=None)[::-1][darker.size // 1000]
    if full < max(FAINT, NOISE * scatter):
        return np.zeros(grey.shape, np.uint8)
    begin, end = max(BEGINS * full, 4 * scatter), ENDS * full
    ink = np.clip((darker - begin) / (end - begin), 0, 1)
    return np.rint(255 * ink * is_digit(ink)).astype(np.uint8)


def ink_is_bright(light):
    """Whether thin parts are brighter than what is around them: chalk on a board, no pen on paper.

    The edges of a shadow are as much brighter on one side as they are darker on the other.
    """
    apart = light - local_mean(light, max(light.shape) // 4)
    return np.sum(apart ** 3) > 0


def local_mean(image, reach):
    """Return the mean of a square around each pixel, `reach` to each side, within the image."""
    sums = np.zeros((image.shape[0] + 1, image.shape[1] + 1))
    sums[1:, 1:] = image.cumsum(axis=0).cumsum(axis=1)
    (top, bottom), (left, right) = (
        (np.maximum(k - reach, 0), np.minimum(k + reach + 1, len(k)))
        for k in map(np.arange, image.shape))
    total = (sums[np.ix_(bottom, right)] - sums[np.ix_(top, right)]
             - sums[np.ix_(bottom, left)] + sums[np.ix_(top, left)])
    return total / np.outer(bottom - top, right - left)


def filtered(image, window, of):
    """Return the largest or smallest value (of: np.max or np.min) in a square around each pixel.

    window: the square's side, an odd number. What would lie outside the image does not count.
    """
    outside = -1 if of is np.max else np.inf
    for axis in (0, 1):
        around = [(window // 2,) * 2 if axis == k else (0, 0) for k in (0, 1)]
        wide = np.pad(image.astype(np.float64), around, constant_values=outside)
        image = of(np.lib.stride_tricks.sliding_window_view(wide, window, axis), axis=-1)
    return image


def middle(values):
    """Return the median; of an even number of values the upper of the two."""
    return np.sort(values, axis=None)[values.size // 2]


def is_digit(ink):
    """Return which pixels belong to the digit, bool (height, width).

    Parts of ink that touch the edge of the picture are a table, a margin or a finger, unless there
    is next to nothing else; parts with little ink are dust.
    """
    parts = list(connected(ink > 0))
    amounts = [ink.flat[part].sum() for part in parts]
    height, width = ink.shape
    inside = [not np.any((part % width == 0) | (part % width == width - 1) | (part < width)
                         | (part >= width * (height - 1))) for part in parts]
    within = max((amount for amount, yes in zip(amounts, inside) if yes), default=0)
    alone = within < EDGE * max(amounts, default=0)  # then the digit itself touches the edge
    largest = max(amounts, default=0) if alone else within
    kept = np.zeros(ink.shape, bool)
    for part, amount, yes in zip(parts, amounts, inside):
        if amount >= SPECK * largest and (yes or alone):
            kept.flat[part] = True
    return kept


def connected(mask):
    """Yield the parts of a mask that hang together, diagonals too, as arrays of flat indices."""
    width = mask.shape[1] + 2
    left = set(np.flatnonzero(np.pad(mask, 1)).tolist())  # with a border, so that no row wraps
    steps = [down * width + right for down in (-1, 0, 1) for right in (-1, 0, 1)]
    while left:
        part, new = [], [left.pop()]
        while new:
            here = new.pop()
            part.append(here)
            for step in steps:
                if here + step in left:
                    left.remove(here + step)
                    new.append(here + step)
        rows, columns = np.divmod(np.array(part), width)
        yield (rows - 1) * mask.shape[1] + columns - 1


def round_half_up(number):
    """Round as JavaScript does: round() of Python takes halves to the even number."""
    return int(np.floor(number + 0.5))
