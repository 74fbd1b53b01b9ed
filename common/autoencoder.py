"""An autoencoder's codes and errors, the yardstick PCA, and how well a score tells apart."""
import numpy as np

from common.backend import to_cpu
from common.models import logits


def encode(model, x):
    """Return the code of each image, float32 (images, code), as NumPy.

    model: an Autoencoder of common.models. x: (images, 784), pixels from 0 to 1.
    """
    return to_cpu(logits(model.encoder, x))


def decode(model, codes):
    """Return the images that belong to some codes, float32 (images, 784), as NumPy.

    codes: (images, code). Pixels may lie a little below 0 or above 1.
    """
    return to_cpu(logits(model.decoder, np.asarray(codes, np.float32)))


def restore(model, x):
    """Return what a model makes of images: encoded, then decoded, (images, 784)."""
    return to_cpu(logits(model, x))


def squared_errors(x, restored):
    """Return the mean squared error of each image over its pixels, (images,)."""
    return np.mean((x - restored) ** 2, axis=1)


def errors(model, x):
    """Return how badly a model restores each image: the mean squared error, (images,)."""
    return squared_errors(to_cpu(x), restore(model, x))


class PCA:
    """Principal component analysis: the best that a straight code can do.

    x: (images, pixels). width: numbers in a code. The mean and the directions
    in which the images scatter most are kept; a code says how far to go along
    each: they are eigenvectors of the covariance of the pixels.
    """

    def __init__(self, x, width):
        x = x.astype(np.float64)
        self.mean = x.mean(axis=0)
        _, vectors = np.linalg.eigh(np.cov(x.T, bias=True))
        self.components = vectors[:, ::-1][:, :width].T  # (width, pixels)

    def encode(self, x):
        """Return the codes, (images, width)."""
        return (x - self.mean) @ self.components.T

    def decode(self, codes):
        """Return the images that belong to codes, (images, pixels)."""
        return codes @ self.components + self.mean

    def restore(self, x):
        """Return the images as the code keeps them, (images, pixels)."""
        return self.decode(self.encode(x))


def roc(scores, strange):
    """Return the ROC curve: for every threshold the share of false alarms, and that of hits.

    scores: of each image, (images,); an alarm is a score at or above the
    threshold. strange: True for an image that should give one, (images,).
    Both shares begin at 0 and end at 1. Raises ValueError where one of the
    two kinds has no image.
    """
    strange = np.asarray(strange, bool)
    if strange.all() or not strange.any():
        raise ValueError("A ROC curve needs images of both kinds.")
    order = np.argsort(-np.asarray(scores), kind="stable")
    scores, strange = np.asarray(scores)[order], strange[order]
    last = np.append(np.flatnonzero(np.diff(scores)), len(scores) - 1)  # equal ones go together
    hits = np.cumsum(strange)[last] / strange.sum()
    alarms = np.cumsum(~strange)[last] / (~strange).sum()
    return np.append(0, alarms), np.append(0, hits)


def area_under(alarms, hits):
    """Return the area under a ROC curve.

    It is the share of pairs, one image of each kind, in which the strange one
    has the higher score; 0.5 is chance.
    """
    return float(np.sum(np.diff(alarms) * (hits[1:] + hits[:-1]) / 2))


def area_at_equal_ink(scores, strange, ink, bins=10):
    """Return the area under the ROC curve among images with about as much ink.

    It is the share of pairs in which the strange image has the higher score,
    of those pairs whose two images lie in the same bin of ink; each bin holds
    as many strange images. ink: of each image, (images,).
    """
    edges = np.quantile(ink[strange], np.linspace(0, 1, bins + 1))
    place = np.searchsorted(edges[1:-1], ink)
    inside = (ink >= edges[0]) & (ink <= edges[-1])
    areas, weights = [], []
    for k in range(bins):
        chosen = inside & (place == k)
        if strange[chosen].any() and not strange[chosen].all():
            areas.append(area_under(*roc(scores[chosen], strange[chosen])))
            weights.append(strange[chosen].sum())
    return float(np.average(areas, weights=weights))


def nearest_distance(x, known, batch_size=500):
    """Return how far each image is from the nearest known one, squared and over the pixels.

    x: (images, pixels). known: (others, pixels). Returns (images,): the mean
    squared difference of pixels, so that it compares with `errors`.
    """
    lengths = np.sum(known ** 2, axis=1)
    parts = [x[start:start + batch_size] for start in range(0, len(x), batch_size)]
    nearest = [np.sum(part ** 2, axis=1) + np.min(lengths - 2 * part @ known.T, axis=1)
               for part in parts]
    return np.maximum(np.concatenate(nearest), 0) / x.shape[1]
