"""Checks that the committed files agree with each other, without training anything.

Every model is valid ONNX, has the recorded digest, and answers the images of heldout.json
as models.json says; `slow` answers as `v2` does; every manifest is the generated one.
"""

import hashlib
import json
from pathlib import Path

import numpy as np
import onnx

from evaluate import answer_all
from manifests import manifest

HERE = Path(__file__).parent


def main() -> None:
    index = json.loads((HERE / "models.json").read_text())
    heldout = json.loads((HERE / "heldout.json").read_text())
    images = np.array([example["pixels"] for example in heldout], dtype=np.float32)
    truth = np.array([example["label"] for example in heldout])
    answers = {}
    for record in index["models"]:
        name, content = record["name"], (HERE / record["file"]).read_bytes()
        model = onnx.load_from_string(content)
        onnx.checker.check_model(model, full_check=True)
        answers[name] = answer_all(model, images)
        expect(name, "sha256", hashlib.sha256(content).hexdigest(), record["sha256"])
        expect(name, "accuracy", f"{answers[name].accuracy(truth):.4f}", record["accuracy"])
        expect(name, "failure share", f"{answers[name].failure_share():.4f}", record["failureShare"])
        expect(name, "manifest", (HERE / f"{name}.yaml").read_text(), manifest(record, index["dataset"]))
    expect("slow", "labels as v2", answers["slow"].labels.tolist(), answers["v2"].labels.tolist())
    print(f"{len(answers)} models agree with models.json on {len(truth)} held-out images")


def expect(name: str, what: str, actual, recorded) -> None:
    if actual != recorded:
        raise SystemExit(f"{name}: {what} is\n{actual}\nbut should be\n{recorded}")


if __name__ == "__main__":
    main()
