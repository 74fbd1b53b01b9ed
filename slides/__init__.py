"""Decks: notebooks with slideshow metadata become one HTML file each, and PDF on demand."""
