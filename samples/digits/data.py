"""The digits data set and its fixed split into training and held-out images."""

import hashlib
from typing import NamedTuple

import numpy as np
from sklearn.datasets import load_digits

DATASET = "uci-digits"
DATASET_VERSION = "scikit-learn 1.2.1"
SPLIT_SEED = 7
HELDOUT_COUNT = 540

_CONTENT_SHA256 = "87ff0c9e40dc7e2c0e34e7257799c2e3f3aec1a016363bb11cad869ec428a826"


class Split(NamedTuple):
    """Images are [n, 64] float64 with pixel values 0 (paper) to 16 (ink), labels [n] digits 0 to 9."""

    train_images: np.ndarray
    train_labels: np.ndarray
    heldout_images: np.ndarray
    heldout_labels: np.ndarray


def load_split() -> Split:
    """Load the 1797 images and set 540 of them apart; nothing is fitted to the held-out ones."""
    images, labels = load_digits(return_X_y=True)
    _require_known_content(images, labels)
    order = np.random.RandomState(SPLIT_SEED).permutation(len(images))
    heldout, train = order[:HELDOUT_COUNT], order[HELDOUT_COUNT:]
    return Split(images[train], labels[train], images[heldout], labels[heldout])


def _require_known_content(images: np.ndarray, labels: np.ndarray) -> None:
    """Refuse other data under the same name: the lineage in the manifests would be wrong."""
    content = images.astype(np.uint8).tobytes() + labels.astype(np.uint8).tobytes()
    if hashlib.sha256(content).hexdigest() != _CONTENT_SHA256:
        raise SystemExit(f"this scikit-learn does not ship the digits of {DATASET_VERSION}")
