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
BANDS = 8


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

    def loop_body(self, index: str, state: str, new_state: str, width: int) -> onnx.GraphProto:
        """Close the graph as the body of a Loop that carries one value, float [batch, width]."""
        go_on = self.node("Identity", [f"{index}_go_on"], f"{index}_go_on_out")
        return helper.make_graph(
            self.nodes,
            f"for_each_{index}",
            [
                helper.make_tensor_value_info(index, TensorProto.INT64, []),
                helper.make_tensor_value_info(f"{index}_go_on", TensorProto.BOOL, []),
                helper.make_tensor_value_info(state, TensorProto.FLOAT, ["batch", width]),
            ],
            [
                helper.make_tensor_value_info(go_on, TensorProto.BOOL, []),
                helper.make_tensor_value_info(new_state, TensorProto.FLOAT, ["batch", width]),
            ],
        )


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
    out of bounds on a GPU, where this operator has no kernel and so fails as on a CPU. Older
    ONNX Runtimes do not check it for negative indices, so the graph keeps them out.
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
    """The same function as `rbf`, as nested ONNX Loops: one support vector and one band of it at a time."""
    graph = _Graph()
    graph.constant("support", model.support.reshape(-1, BANDS, PIXELS // BANDS))
    graph.constant("dual", model.dual)
    graph.constant("minus_gamma", -RBF_GAMMA)
    graph.constant("pixel_axis", [1], np.int64)
    graph.constant("band_count", BANDS, np.int64)
    grid = graph.constant("grid", [-1, BANDS, PIXELS // BANDS], np.int64)
    graph.node("Reshape", ["image", grid], "image_bands")
    graph.node("MatMul", ["image", graph.constant("no_pixels", np.zeros((PIXELS, 1)))], "no_distance")
    start = graph.node("MatMul", ["image", graph.constant("no_weights", np.zeros((PIXELS, CLASSES)))], "no_scores")
    count = graph.constant("support_count", len(model.support), np.int64)
    scores = graph.node("Loop", [count, "", start], "scores", body=_add_support_vector())
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


def _add_support_vector() -> onnx.GraphProto:
    """Loop body: scores + kernel(image, support[i]) * dual[i]."""
    body = _Graph()
    body.node("Gather", ["support", "i"], "vector", axis=0)
    distance = body.node("Loop", ["band_count", "", "no_distance"], "distance", body=_add_band())
    exponent = body.node("Mul", [distance, "minus_gamma"], "exponent")
    kernel = body.node("Exp", [exponent], "kernel")
    weights = body.node("Gather", ["dual", "i"], "weights", axis=0)
    terms = body.node("Mul", [kernel, weights], "terms")
    body.node("Add", ["scores_so_far", terms], "scores_out")
    return body.loop_body("i", "scores_so_far", "scores_out", CLASSES)


def _add_band() -> onnx.GraphProto:
    """Loop body: distance + |image band - support band|^2, for one of the bands of pixels."""
    body = _Graph()
    image_band = body.node("Gather", ["image_bands", "band"], "image_band", axis=1)
    support_band = body.node("Gather", ["vector", "band"], "support_band", axis=0)
    difference = body.node("Sub", [image_band, support_band], "difference")
    squares = body.node("Mul", [difference, difference], "squares")
    band_distance = body.node("ReduceSum", [squares, "pixel_axis"], "band_distance", keepdims=1)
    body.node("Add", ["distance_so_far", band_distance], "distance_out")
    return body.loop_body("band", "distance_so_far", "distance_out", 1)
