"""Runs an exported file with numpy: only the operators these models use, nothing more.

It reads the file that will be served, not the arrays it was made from, so the accuracies in
models.json are those of the files. Needs onnx and numpy, not scikit-learn.
"""

from typing import Dict, NamedTuple

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper


class IndexOutOfBounds(Exception):
    """The run-time error of a look-up past the end of its table."""


class Answers(NamedTuple):
    """What a model said about n images; only rows with `answered` carry meaning."""

    answered: np.ndarray
    """[n] bool: False where the model failed at run time."""
    labels: np.ndarray
    """[n] int64."""
    probabilities: np.ndarray
    """[n, 10] float32."""

    def accuracy(self, truth: np.ndarray) -> float:
        """Share of right labels among the answered images."""
        return float(np.mean(self.labels[self.answered] == truth[self.answered]))

    def failure_share(self) -> float:
        return float(np.mean(~self.answered))

    def mean_top_probability(self) -> float:
        return float(np.mean(self.probabilities[self.answered].max(axis=1)))


def answer_all(model: onnx.ModelProto, images: np.ndarray) -> Answers:
    """Answer the images in one batch; if that fails, one by one, as single requests would."""
    images = images.astype(np.float32)
    try:
        labels, probabilities = run(model, images)
        return Answers(np.ones(len(images), dtype=bool), labels, probabilities)
    except IndexOutOfBounds:
        pass
    answered = np.ones(len(images), dtype=bool)
    labels = np.zeros(len(images), dtype=np.int64)
    probabilities = np.zeros((len(images), 10), dtype=np.float32)
    for row in range(len(images)):
        try:
            one_label, one_row = run(model, images[row : row + 1])
        except IndexOutOfBounds:
            answered[row] = False
        else:
            labels[row], probabilities[row] = one_label[0], one_row[0]
    return Answers(answered, labels, probabilities)


def run(model: onnx.ModelProto, images: np.ndarray):
    """One inference: labels [n] and probabilities [n, 10] of images [n, 64]."""
    return _run_graph(model.graph, {"image": images})


def _run_graph(graph: onnx.GraphProto, values: Dict[str, np.ndarray]) -> list:
    values = dict(values)
    values.update((tensor.name, numpy_helper.to_array(tensor)) for tensor in graph.initializer)
    for node in graph.node:
        attributes = {a.name: helper.get_attribute_value(a) for a in node.attribute}
        inputs = [values[name] if name else None for name in node.input]
        if node.op_type == "Loop":
            values[node.output[0]] = _loop(*inputs, attributes["body"], values)
        else:
            values[node.output[0]] = _OPERATORS[node.op_type](*inputs, **attributes)
    return [values[output.name] for output in graph.output]


def _loop(count, go_on, state, body: onnx.GraphProto, outer: Dict[str, np.ndarray]) -> np.ndarray:
    """A Loop of fixed trip count with one carried value."""
    index_name, go_on_name, state_name = (value.name for value in body.input)
    for index in range(int(count)):
        scope = {**outer, index_name: np.int64(index), go_on_name: go_on, state_name: state}
        go_on, state = _run_graph(body, scope)
    return state


def _array_feature_extractor(table: np.ndarray, indices: np.ndarray) -> np.ndarray:
    if indices.max() >= table.shape[-1]:
        raise IndexOutOfBounds(f"index {indices.max()} of a table of {table.shape[-1]}")
    return table[..., indices]


def _softmax(logits: np.ndarray, axis: int) -> np.ndarray:
    powers = np.exp(logits - logits.max(axis=axis, keepdims=True))
    return powers / powers.sum(axis=axis, keepdims=True)


_OPERATORS = {
    "Add": np.add,
    "ArgMax": lambda x, axis, keepdims: x.argmax(axis=axis),
    "ArrayFeatureExtractor": _array_feature_extractor,
    "Cast": lambda x, to: x.astype({TensorProto.INT64: np.int64}[to]),
    "Div": np.divide,
    "Exp": np.exp,
    "Gather": lambda x, index, axis: x.take(index, axis=axis),
    "Identity": lambda x: x,
    "MatMul": np.matmul,
    "Max": np.maximum,
    "Mul": np.multiply,
    "Pow": np.power,
    "ReduceSum": lambda x, axes, keepdims: x.sum(axis=tuple(axes), keepdims=bool(keepdims)),
    "ReduceSumSquare": lambda x, axes, keepdims: np.square(x).sum(axis=tuple(axes), keepdims=bool(keepdims)),
    "Reshape": np.reshape,
    "Softmax": _softmax,
    "Sub": np.subtract,
    "Transpose": lambda x, perm: x.transpose(perm),
}
