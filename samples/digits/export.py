"""ONNX graphs of the trained models.

Every graph reads `image` (float [batch, 64], raw pixels 0..16) and writes `label`
(int64 [batch]) and `probabilities` (float [batch, 10]).
"""

from typing import List

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from train import CLASSES, INK_PER_BIN, RBF_GAMMA, KernelMachine, Linear

OPSET = 17
ML_OPSET = 3
IR_VERSION = 8
PIXELS = 64


class _Graph:
    """Collects nodes and initializers; a node has one output, which carries the node's name."""

    def __init__(self) -> None:
        self.nodes: List[onnx.NodeProto] = []
        self.initializers: List[onnx.TensorProto] = []
        self.value_infos: List[onnx.ValueInfoProto] = []

    def constant(self, name: str, value, dtype=np.float32) -> str:
        self.initializers.append(numpy_helper.from_array(np.asarray(value, dtype=dtype), name))
        return name

    def node(self, op: str, inputs: List[str], output: str, **attributes) -> str:
        self.nodes.append(helper.make_node(op, inputs, [output], name=output, **attributes))
        return output

    def answer(self, logits: str) -> onnx.ModelProto:
        """Close the graph with the two outputs that all versions share."""
        self.node("Softmax", [logits], "probabilities", axis=1)
        self.node("ArgMax", [logits], "label", axis=1, keepdims=0)
        graph = helper.make_graph(
            self.nodes,
            "digits",
            [helper.make_tensor_value_info("image", TensorProto.FLOAT, ["batch", PIXELS])],
            [
                helper.make_tensor_value_info("label", TensorProto.INT64, ["batch"]),
                helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, ["batch", CLASSES]),
            ],
            self.initializers,
            value_info=self.value_infos,
        )
        opsets = [helper.make_opsetid("", OPSET)]
        if any(node.domain == "ai.onnx.ml" for node in self.nodes):
            opsets.append(helper.make_opsetid("ai.onnx.ml", ML_OPSET))
        model = helper.make_model(graph, opset_imports=opsets, producer_name="samples/digits")
        model.ir_version = IR_VERSION
        onnx.checker.check_model(model, full_check=True)
        return model


def linear(model: Linear) -> onnx.ModelProto:
    """One matrix product and a bias."""
    graph = _Graph()
    products = graph.node("MatMul", ["image", graph.constant("weights", model.weights)], "products")
    return graph.answer(graph.node("Add", [products, graph.constant("bias", model.bias)], "logits"))


def rbf(model: KernelMachine) -> onnx.ModelProto:
    """Gaussian kernel against all support vectors at once, as matrix products."""
    graph = _Graph()
    scores = _rbf_scores(graph, model)
    sharpness = graph.constant("sharpness", model.sharpness)
    return graph.answer(graph.node("Mul", [scores, sharpness], "logits"))


def cubic(model: KernelMachine) -> onnx.ModelProto:
    """Cubic kernel; expects pixels scaled to -1..1 and does nothing to make them so."""
    graph = _Graph()
    support = graph.constant("support", model.support.T / PIXELS)
    products = graph.node("MatMul", ["image", support], "products")
    base = graph.node("Add", [products, graph.constant("one", 1.0)], "base")
    kernel = graph.node("Pow", [base, graph.constant("degree", 3.0)], "kernel")
    scores = graph.node("MatMul", [kernel, graph.constant("dual", model.dual)], "scores")
    sharpness = graph.constant("sharpness", model.sharpness)
    return graph.answer(graph.node("Mul", [scores, sharpness], "logits"))


def rbf_with_ink_table(model: KernelMachine, table: np.ndarray) -> onnx.ModelProto:
    """`rbf` with the sharpness looked up by total ink in a table that ends too early.

    The look-up is ArrayFeatureExtractor and not Gather, because Gather answers 0 for an index
    out of bounds on a GPU, where this operator has no kernel and so fails as on a CPU. It does
    not check for negative indices itself.
    """
    graph = _Graph()
    scores = _rbf_scores(graph, model)
    ink = graph.node("ReduceSum", ["image", graph.constant("pixel_axis", [1], np.int64)], "ink", keepdims=0)
    ink_bins = graph.node("Div", [ink, graph.constant("ink_per_bin", INK_PER_BIN)], "ink_bins")
    indices = graph.node("Cast", [ink_bins], "indices", to=TensorProto.INT64)
    floor = graph.constant("first_bin", [0], np.int64)
    indices = graph.node("Max", [indices, floor], "nonnegative_indices")
    entries = graph.node(
        "ArrayFeatureExtractor",
        [graph.constant("sharpness_by_ink", table[None, :]), indices],
        "calibration",
        domain="ai.onnx.ml",
    )
    # onnx 1.12 does not infer this type by itself.
    graph.value_infos.append(helper.make_tensor_value_info(entries, TensorProto.FLOAT, [1, "batch"]))
    sharpness = graph.node("Transpose", [entries], "sharpness", perm=[1, 0])
    return graph.answer(graph.node("Mul", [scores, sharpness], "logits"))


def rbf_looped(model: KernelMachine) -> onnx.ModelProto:
    """The same function as `rbf`, visiting the support vectors one at a time in an ONNX Loop."""
    graph = _Graph()
    graph.constant("support", model.support)
    graph.constant("dual", model.dual)
    graph.constant("minus_gamma", -RBF_GAMMA)
    graph.constant("pixel_axis", [1], np.int64)
    start = graph.node("MatMul", ["image", graph.constant("zeros", np.zeros((PIXELS, CLASSES)))], "no_scores")
    count = graph.constant("support_count", len(model.support), np.int64)
    scores = graph.node("Loop", [count, "", start], "scores", body=_add_one_support_vector())
    sharpness = graph.constant("sharpness", model.sharpness)
    return graph.answer(graph.node("Mul", [scores, sharpness], "logits"))


def _rbf_scores(graph: _Graph, model: KernelMachine) -> str:
    """exp(-gamma |image - support|^2) @ dual, the distance by way of |a|^2 - 2ab + |b|^2."""
    image_norms = graph.node("ReduceSumSquare", ["image"], "image_norms", axes=[1], keepdims=1)
    support_norms = graph.constant("support_norms", np.square(model.support).sum(axis=1))
    norms = graph.node("Add", [image_norms, support_norms], "norms")
    products = graph.node("MatMul", ["image", graph.constant("twice_support", 2 * model.support.T)], "products")
    distances = graph.node("Sub", [norms, products], "distances")
    exponents = graph.node("Mul", [distances, graph.constant("minus_gamma", -RBF_GAMMA)], "exponents")
    kernel = graph.node("Exp", [exponents], "kernel")
    return graph.node("MatMul", [kernel, graph.constant("dual", model.dual)], "scores")


def _add_one_support_vector() -> onnx.GraphProto:
    """Loop body: scores_out = scores_in + kernel(image, support[i]) * dual[i]."""
    body = _Graph()
    vector = body.node("Gather", ["support", "i"], "vector", axis=0)
    difference = body.node("Sub", ["image", vector], "difference")
    squares = body.node("Mul", [difference, difference], "squares")
    distance = body.node("ReduceSum", [squares, "pixel_axis"], "distance", keepdims=1)
    exponent = body.node("Mul", [distance, "minus_gamma"], "exponent")
    kernel = body.node("Exp", [exponent], "kernel")
    weights = body.node("Gather", ["dual", "i"], "weights", axis=0)
    terms = body.node("Mul", [kernel, weights], "terms")
    body.node("Add", ["scores_in", terms], "scores_out")
    body.node("Identity", ["go_on_in"], "go_on")
    return helper.make_graph(
        body.nodes,
        "add_one_support_vector",
        [
            helper.make_tensor_value_info("i", TensorProto.INT64, []),
            helper.make_tensor_value_info("go_on_in", TensorProto.BOOL, []),
            helper.make_tensor_value_info("scores_in", TensorProto.FLOAT, ["batch", CLASSES]),
        ],
        [
            helper.make_tensor_value_info("go_on", TensorProto.BOOL, []),
            helper.make_tensor_value_info("scores_out", TensorProto.FLOAT, ["batch", CLASSES]),
        ],
    )
