#!/usr/bin/env python3
"""Asks a digits model which digit a picture shows, with nothing but Python's standard library."""
import argparse
import json
import os
import pathlib
import struct
import sys
import urllib.error
import urllib.request

HELD_OUT = pathlib.Path(__file__).parent / "../digits/heldout.json"
LENGTH_HEADER = "Inference-Header-Content-Length"


def post(url, body, headers):
    request = urllib.request.Request(url, data=body, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=30) as response:
            if os.environ.get("VERBOSE"):
                print(response.headers, file=sys.stderr)
            return response.read(), response.headers
    except urllib.error.HTTPError as failure:
        sys.exit(f"classify: {failure.code}: {json.load(failure)['error']}")


def ask_json(url, pixels):
    request = {"inputs": [{"name": "image", "shape": [1, 64], "datatype": "FP32", "data": pixels}]}
    body, _ = post(url, json.dumps(request).encode(), {"Content-Type": "application/json"})
    outputs = {output["name"]: output["data"] for output in json.loads(body)["outputs"]}
    return outputs["label"][0], outputs["probabilities"]


def ask_binary(url, pixels):
    """The binary tensor data extension: raw little-endian numbers behind the JSON, both ways."""
    raw = struct.pack("<64f", *pixels)
    head = json.dumps({
        "inputs": [{"name": "image", "shape": [1, 64], "datatype": "FP32", "parameters": {"binary_data_size": len(raw)}}],
        "parameters": {"binary_data_output": True},
    }).encode()
    body, headers = post(url, head + raw, {"Content-Type": "application/octet-stream", LENGTH_HEADER: str(len(head))})
    at = int(headers[LENGTH_HEADER])
    outputs = {}
    for output in json.loads(body[:at])["outputs"]:
        size = output["parameters"]["binary_data_size"]
        code, width = {"INT64": ("q", 8), "FP32": ("f", 4)}[output["datatype"]]
        outputs[output["name"]] = struct.unpack(f"<{size // width}{code}", body[at:at + size])
        at += size
    return outputs["label"][0], outputs["probabilities"]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url", help="the server, as http://host:8000, or a router with the deployment's path")
    parser.add_argument("--picture", type=int, default=0, help="which of the held-out pictures")
    parser.add_argument("--binary", action="store_true", help="send and get raw bytes instead of JSON")
    options = parser.parse_args()

    picture = json.loads(HELD_OUT.read_text())[options.picture]
    url = f"{options.url.rstrip('/')}/v2/models/{os.environ.get('MODEL', 'digits')}/infer"
    label, probabilities = (ask_binary if options.binary else ask_json)(url, picture["pixels"])
    print(f"picture {options.picture} is a {label} (probability {probabilities[label]:.3f})")


if __name__ == "__main__":
    main()
