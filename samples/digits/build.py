"""Trains every version and writes its model.onnx, models.json, heldout.json and the manifests."""

import hashlib
import json
from pathlib import Path
from typing import Dict, NamedTuple

import onnx

import export
import train
from data import DATASET, DATASET_VERSION, SPLIT_SEED, Split, load_split
from evaluate import Answers, answer_all
from manifests import manifest

HERE = Path(__file__).parent


class Version(NamedTuple):
    """One version to ship: its label for people, its graph and what its training run reported."""

    label: str
    model: onnx.ModelProto
    reported_accuracy: float
    answers: Answers


def main() -> None:
    split = load_split()
    versions = train_versions(split)
    write_heldout(split)
    records = [write_model(name, version, split) for name, version in versions.items()]
    index = {
        "dataset": {
            "name": DATASET,
            "version": DATASET_VERSION,
            "splitSeed": SPLIT_SEED,
            "trainImages": len(split.train_labels),
            "heldoutImages": len(split.heldout_labels),
        },
        "models": records,
    }
    (HERE / "models.json").write_text(json.dumps(index, indent=2) + "\n")
    for record in records:
        (HERE / f"{record['name']}.yaml").write_text(manifest(record, index["dataset"]))
        print(f"{record['name']:9} accuracy {record['accuracy']}  failures {record['failureShare']}")


def train_versions(split: Split) -> Dict[str, Version]:
    """Train, export and measure all versions, by folder name."""
    images, labels, heldout, truth = split
    linear = export.linear(train.train_linear(images, labels))
    machine = train.train_rbf(images, labels)
    rbf = export.rbf(machine)
    table = train.calibrate_by_ink(machine, images, labels)
    cubic = export.cubic(train.train_cubic(train.scale_to_unit_range(images), labels))

    def version(label: str, model: onnx.ModelProto, reported_by: onnx.ModelProto, preprocessed=heldout) -> Version:
        reported = answer_all(reported_by, preprocessed).accuracy(truth)
        return Version(label, model, reported, answer_all(model, heldout))

    crashing, slow = export.rbf_with_ink_table(machine, table), export.rbf_looped(machine)
    return {
        "v1": version("1", linear, linear),
        "v2": version("2", rbf, rbf),
        "skewed": version("2-skewed", cubic, cubic, train.scale_to_unit_range(heldout)),
        "crashing": version("2-crashing", crashing, rbf),
        "slow": version("2-slow", slow, slow),
    }


def write_model(name: str, version: Version, split: Split) -> dict:
    """Write one model file and return its record for models.json."""
    content = version.model.SerializeToString(deterministic=True)
    path = HERE / name / "model.onnx"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    return {
        "name": name,
        "version": version.label,
        "file": f"{name}/model.onnx",
        "sha256": hashlib.sha256(content).hexdigest(),
        "accuracy": f"{version.answers.accuracy(split.heldout_labels):.4f}",
        "reportedAccuracy": f"{version.reported_accuracy:.4f}",
        "failureShare": f"{version.answers.failure_share():.4f}",
        "meanTopProbability": f"{version.answers.mean_top_probability():.4f}",
    }


def write_heldout(split: Split) -> None:
    """Write the held-out images as JSON, one image per line."""
    lines = [
        json.dumps({"label": int(label), "pixels": [int(pixel) for pixel in image]}, separators=(",", ":"))
        for image, label in zip(split.heldout_images, split.heldout_labels)
    ]
    (HERE / "heldout.json").write_text("[\n" + ",\n".join(lines) + "\n]\n")


if __name__ == "__main__":
    main()
