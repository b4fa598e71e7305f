"""Training: a logistic regression, two kernel ridge classifiers and a calibration table.

Every parameter is rounded to a few decimals, so that the last bits, in which linear algebra
differs between processors and libraries, never reach the exported files.
"""

from typing import NamedTuple

import numpy as np
from sklearn.linear_model import LogisticRegression

CLASSES = 10
PIXEL_MAX = 16.0
RBF_GAMMA = 0.001
RIDGE = 0.1
INK_PER_BIN = 16
CALIBRATED_BINS = 21

_SHARPNESS_CANDIDATES = np.arange(1, 41)
_MIN_IMAGES_PER_BIN = 30
_PARAMETER_DECIMALS = 4


class Linear(NamedTuple):
    """logits = image @ weights + bias; weights [64, 10], bias [10]."""

    weights: np.ndarray
    bias: np.ndarray


class KernelMachine(NamedTuple):
    """logits = sharpness * kernel(image, support) @ dual; support [m, 64], dual [m, 10]."""

    support: np.ndarray
    dual: np.ndarray
    sharpness: float
    unseen_scores: np.ndarray
    """What each training image scores when it is left out of the training, [m, 10]."""


def train_linear(images: np.ndarray, labels: np.ndarray) -> Linear:
    """Multinomial logistic regression on pixels 0..1, the scaling folded into the weights.

    Newton's method runs to full convergence: a solver that stops early stops somewhere else
    on another processor.
    """
    model = LogisticRegression(solver="newton-cg", tol=1e-8, max_iter=1000)
    model.fit(images / PIXEL_MAX, labels)
    return Linear(_rounded(model.coef_.T / PIXEL_MAX), _rounded(model.intercept_))


def train_rbf(images: np.ndarray, labels: np.ndarray) -> KernelMachine:
    """Kernel ridge classifier with a Gaussian kernel on raw pixels 0..16."""
    norms = np.square(images).sum(axis=1)
    distances = norms[:, None] + norms[None, :] - 2.0 * images @ images.T
    return _train_ridge(images, labels, np.exp(-RBF_GAMMA * distances))


def train_cubic(images: np.ndarray, labels: np.ndarray) -> KernelMachine:
    """Kernel ridge classifier with the kernel (1 + a.b/64)^3, for pixels scaled to -1..1."""
    return _train_ridge(images, labels, (1.0 + images @ images.T / images.shape[1]) ** 3)


def scale_to_unit_range(images: np.ndarray) -> np.ndarray:
    """Map pixels 0..16 to -1..1: the preprocessing that the skewed model's serving path lacks."""
    return images / (PIXEL_MAX / 2) - 1.0


def calibrate_by_ink(model: KernelMachine, images: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Fit one sharpness for every 16 units of total ink, [21].

    The table ends at 336 units, as if it came from a scanner that never saw a darker page.
    """
    bins = (images.sum(axis=1) // INK_PER_BIN).astype(int)
    table = np.full(CALIBRATED_BINS, model.sharpness)
    for index in range(CALIBRATED_BINS):
        members = bins == index
        if members.sum() >= _MIN_IMAGES_PER_BIN:
            table[index] = _best_sharpness(model.unseen_scores[members], labels[members])
    return table.astype(np.float32)


def _train_ridge(images: np.ndarray, labels: np.ndarray, kernel: np.ndarray) -> KernelMachine:
    targets = np.eye(CLASSES)[labels]
    inverse = np.linalg.inv(kernel + RIDGE * np.eye(len(images)))
    dual = inverse @ targets
    unseen_scores = targets - dual / np.diag(inverse)[:, None]
    sharpness = _best_sharpness(unseen_scores, labels)
    return KernelMachine(images.astype(np.float32), _rounded(dual), sharpness, unseen_scores)


def _best_sharpness(scores: np.ndarray, labels: np.ndarray) -> float:
    """The factor that makes softmax(factor * scores) the likeliest explanation of the labels."""
    losses = [_log_loss(factor * scores, labels) for factor in _SHARPNESS_CANDIDATES]
    return float(_SHARPNESS_CANDIDATES[int(np.argmin(losses))])


def _log_loss(logits: np.ndarray, labels: np.ndarray) -> float:
    shifted = logits - logits.max(axis=1, keepdims=True)
    log_sums = np.log(np.exp(shifted).sum(axis=1))
    return float(np.mean(log_sums - shifted[np.arange(len(labels)), labels]))


def _rounded(values: np.ndarray) -> np.ndarray:
    """Round, and turn -0.0 into 0.0: its sign would be one more unreproducible bit."""
    return (np.round(values, _PARAMETER_DECIMALS) + 0.0).astype(np.float32)
