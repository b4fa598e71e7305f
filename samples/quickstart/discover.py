"""Follows the pods of a cluster and writes them down for Prometheus' file discovery.

Debian's build of Prometheus leaves Kubernetes discovery out. This sidecar gives it the same targets, one
per container port, with the labels of the same names that `kubernetes_sd_configs` with `role: pod` gives,
so that the relabelling in prometheus.yml works with either.

usage: discover.py OUTPUT.json
"""

import json
import os
import re
import subprocess
import sys


def label_name(name):
    """A Kubernetes label's name as Prometheus writes it."""
    return re.sub(r"[^a-zA-Z0-9_]", "_", name)


def targets_of(pod):
    """The targets of a pod: none before it has an address or once it has ended."""
    meta, status = pod["metadata"], pod.get("status", {})
    address = status.get("podIP")
    if not address or status.get("phase") in ("Succeeded", "Failed"):
        return
    labels = {
        "__meta_kubernetes_namespace": meta["namespace"],
        "__meta_kubernetes_pod_name": meta["name"],
        "__meta_kubernetes_pod_ip": address,
        "__meta_kubernetes_pod_phase": status.get("phase", ""),
    }
    for name, value in meta.get("labels", {}).items():
        labels["__meta_kubernetes_pod_label_" + label_name(name)] = value
    for container in pod["spec"]["containers"]:
        for port in container.get("ports", []):
            yield {
                "targets": [f"{address}:{port['containerPort']}"],
                "labels": labels | {
                    "__meta_kubernetes_pod_container_name": container["name"],
                    "__meta_kubernetes_pod_container_port_name": port.get("name", ""),
                    "__meta_kubernetes_pod_container_port_number": str(port["containerPort"]),
                },
            }


def write(path, pods):
    """Replaces the file at once, so that Prometheus never reads half of it."""
    scratch = path + ".new"
    with open(scratch, "w", encoding="utf-8") as file:
        json.dump([target for pod in pods.values() for target in targets_of(pod)], file)
    os.replace(scratch, path)


def events():
    """The watch events of all pods, a line each, the present ones first, until the API ends the watch."""
    command = ["kubectl", "get", "pods", "--all-namespaces", "--watch", "--output-watch-events", "--output=json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as kubectl:
        for line in kubectl.stdout:
            yield json.loads(line)


def main(path):
    while True:
        pods = {}
        for event in events():
            pod = event["object"]
            if event["type"] == "DELETED":
                pods.pop(pod["metadata"]["uid"], None)
            else:
                pods[pod["metadata"]["uid"]] = pod
            write(path, pods)


if __name__ == "__main__":
    main(sys.argv[1])
