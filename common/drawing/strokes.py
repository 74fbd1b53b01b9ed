"""Ten digits as a hand would draw them, so that a chapter can draw without a hand."""
import numpy as np


def arc(x, y, rx, ry, begin, end):
    """Return points on an ellipse from one angle to another, in degrees: 0 right, 90 below."""
    angles = np.radians(np.linspace(begin, end, 25))
    return list(zip(x + rx * np.cos(angles), y + ry * np.sin(angles)))


# Strokes of (x, y) in a box that is 0.7 wide and 1 high, y going down.
DIGITS = (
    [arc(0.35, 0.5, 0.33, 0.5, -90, -450)],
    [[(0.35, 0.0), (0.35, 1.0)]],
    [[*arc(0.35, 0.27, 0.3, 0.27, 190, 390), (0.03, 1.0), (0.68, 1.0)]],
    [[*arc(0.32, 0.25, 0.3, 0.25, 200, 440), *arc(0.32, 0.73, 0.35, 0.27, -80, 150)]],
    [[(0.35, 0.0), (0.03, 0.62), (0.68, 0.62)], [(0.52, 0.35), (0.52, 1.0)]],
    [[(0.62, 0.0), (0.12, 0.0), (0.08, 0.45), *arc(0.32, 0.7, 0.34, 0.3, -120, 140)]],
    [[(0.5, 0.0), (0.2, 0.35), *arc(0.35, 0.71, 0.31, 0.29, 190, 560)]],
    [[(0.03, 0.0), (0.67, 0.0), (0.25, 1.0)]],
    [[*arc(0.35, 0.25, 0.26, 0.25, -60, -270), *arc(0.35, 0.75, 0.32, 0.25, -90, 270),
      *arc(0.35, 0.25, 0.26, 0.25, 90, -60)]],
    [[*arc(0.35, 0.28, 0.3, 0.28, -20, -380), (0.6, 0.5), (0.45, 1.0)]],
)


def draw_digit(digit, size=200, top=40, left=70, width=22, side=280):
    """Return a drawn digit as uint8 (side, side), white ink on black, as the pad would hold it.

    digit: from 0 to 9. size: its height in pixels. top, left: where its box begins. width: of the
    line. What lies outside the sheet is cut off.
    """
    return draw_strokes([np.array(stroke) * size + (left, top) for stroke in DIGITS[digit]],
                        width, side)


def draw_strokes(strokes, width=22, side=280):
    """Return strokes as uint8 (side, side): lines with round ends, through points (x, y)."""
    reach = width / 2 + 0.5  # from the line to where ink ends, with a border of one grey pixel
    distance = np.full((side, side), np.inf)
    for points in strokes:
        points = np.asarray(points, dtype=float)
        for begin, end in zip(points, points[1:] if len(points) > 1 else points):
            # Only where this piece leaves ink; a sheet has many pieces, and each is short.
            corners = np.minimum(begin, end) - reach, np.maximum(begin, end) + reach + 1
            (left, top), (right, bottom) = np.clip(corners, 0, side).astype(int)
            x = np.arange(left, right) + 0.5  # the middles of the pixels
            y = np.arange(top, bottom)[:, np.newaxis] + 0.5
            along = end - begin
            share = (x - begin[0]) * along[0] + (y - begin[1]) * along[1]
            share = np.clip(share / max(along @ along, 1e-12), 0, 1)
            there = distance[top:bottom, left:right]
            np.minimum(there, np.hypot(x - (begin[0] + share * along[0]),
                                       y - (begin[1] + share * along[1])), out=there)
    return np.rint(255 * np.clip(reach - distance, 0, 1)).astype(np.uint8)
