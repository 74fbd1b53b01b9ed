"""The colours that figures, decks, the page and the pad share."""

# The same colour for the same thing everywhere. Colour-blind readers can tell them apart, and
# text in them is readable on white (contrast of 4.5 or better).
COLORS = {
    "input": "#0072b2",       # blue
    "weight": "#6a3d9a",      # purple
    "activation": "#946200",  # dark yellow
    "output": "#007a5a",      # green
    "right": "#005f73",       # teal
    "wrong": "#bb3e03",       # rust
    "neutral": "#5f6b73",     # grey
    "plus": "#b2182b",        # what raises a number, such as a positive weight
    "minus": "#2166ac",       # what lowers it; both are the ends of matplotlib's RdBu_r
}

# The same on black or nearly black ground, as bright as that needs.
ON_BLACK = {
    "input": "#56b4e9",
    "weight": "#c3a3e8",
    "activation": "#e0ae3c",
    "output": "#3fc49a",
    "right": "#72c7d9",
    "wrong": "#ff9a66",
    "neutral": "#a3aeb5",
    "plus": "#ef8a62",
    "minus": "#67a9cf",
}
