"""Helpers of the fitting scripts: non-negative ridge, isotonic knots, conformal widths, kernel search."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, product

import numpy as np
from scipy.optimize import lsq_linear
from sklearn.isotonic import IsotonicRegression
from sklearn.model_selection import GroupKFold

from greenroom.grading.builtin.weights import Kernel, blend

NEGATIVE = {"opposed", "hypothetical", "hedged", "wrong", "general"}


@dataclass
class Linear:
    """A fitted regressor."""

    mean: np.ndarray
    scale: np.ndarray
    weights: np.ndarray
    bias: float

    def __call__(self, x: np.ndarray) -> np.ndarray:
        return ((x - self.mean) / self.scale) @ self.weights + self.bias


def fit_linear(x: np.ndarray, y: np.ndarray, w: np.ndarray, names: Sequence[str], strength: float) -> Linear:
    """Ridge with the sign of every weight given by its meaning, so that it carries over to other questions."""
    w = w / w.mean()
    mean = np.average(x, axis=0, weights=w)
    scale = np.sqrt(np.average((x - mean) ** 2, axis=0, weights=w)) + 1e-6
    z, bias = (x - mean) / scale, float(np.average(y, weights=w))
    rows = np.vstack([z * np.sqrt(w)[:, None], np.sqrt(strength) * np.eye(z.shape[1])])
    wanted = np.concatenate([(y - bias) * np.sqrt(w), np.zeros(z.shape[1])])
    signs = np.array([-1 if name in NEGATIVE else 1 for name in names])
    low = np.where(signs > 0, -1e-9, -np.inf)
    high = np.where(signs > 0, np.inf, 1e-9)
    return Linear(mean, scale, lsq_linear(rows, wanted, (low, high)).x, bias)


def folds(groups: np.ndarray, most: int = 13) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Train and test rows, split by question."""
    yield from GroupKFold(min(most, len(set(groups)))).split(groups, groups=groups)


def fit_knots(raw: np.ndarray, y: np.ndarray, w: np.ndarray, count: int = 10) -> list[tuple[float, float]]:
    """Isotonic regression thinned to a few joined points, half-way to a straight line so that it keeps rising."""
    steps = IsotonicRegression(out_of_bounds="clip").fit(raw, y, sample_weight=w)
    line = np.polyfit(raw, y, 1, w=np.sqrt(w))

    def value(at: np.ndarray) -> np.ndarray:
        return np.clip((steps.predict(at) + np.polyval(line, at)) / 2, 0, 1)

    cuts = np.quantile(raw, np.linspace(0, 1, count + 1))
    knots: list[tuple[float, float]] = []
    for low, high in pairwise(cuts):
        inside = (raw >= low) & (raw <= high)
        if inside.sum() < 3 or high <= low:
            continue
        at = float(np.average(raw[inside], weights=w[inside]))
        knots.append((round(at, 4), round(float(np.average(value(raw[inside]), weights=w[inside])), 4)))
    return [k for n, k in enumerate(knots) if n == 0 or (k[0] > knots[n - 1][0] and k[1] >= knots[n - 1][1])]


def fit_widths(
    share: np.ndarray, y: np.ndarray, level: float = 0.8, bins: int = 4
) -> list[tuple[float, float]]:
    """Conformal half-widths: the 80% quantile of held-out errors, by size of the estimate."""
    cuts = np.quantile(share, np.linspace(0, 1, bins + 1))
    widths = []
    for low, high in pairwise(cuts):
        inside = (share >= low) & (share <= high)
        errors = np.abs(share[inside] - y[inside])
        rank = min(1.0, level * (1 + 1 / max(1, len(errors))))
        widths.append((round(float(share[inside].mean()), 4), round(float(np.quantile(errors, rank)), 4)))
    return [v for n, v in enumerate(widths) if n == 0 or v[0] > widths[n - 1][0]]


def search_kernel(
    tasks: Sequence[tuple[np.ndarray, np.ndarray, np.ndarray]], pick: Callable[[np.ndarray, int], np.ndarray]
) -> Kernel:
    """The kernel with the least squared error over questions; a task is (estimates, scores, likeness matrix)."""
    best: tuple[float, Kernel] | None = None
    grid = product((0.03, 0.06), (0.03, 0.06, 0.1), (0.35, 0.7), (0.02,), (0.5, 1.5))
    for shift, likeness, reach, noise, slope in grid:
        kernel = Kernel(shift, likeness, reach, noise, slope)
        errors = [e for n, task in enumerate(tasks) for e in _errors(kernel, task, pick, n)]
        loss = float(np.mean(np.square(errors)))
        if best is None or loss < best[0]:
            best = (loss, kernel)
    assert best
    return best[1]


def _errors(
    kernel: Kernel,
    task: tuple[np.ndarray, np.ndarray, np.ndarray],
    pick: Callable[[np.ndarray, int], np.ndarray],
    n: int,
) -> list[float]:
    share, y, alike = task
    anchors = pick(y, n)
    rows = [(float(share[a]), float(y[a]), alike[a, anchors].tolist()) for a in anchors]
    rest = np.setdiff1d(np.arange(len(y)), anchors)[:40]
    return [blend(kernel, float(share[i]), alike[i, anchors].tolist(), rows) - float(y[i]) for i in rest]
