"""The ModelDeployment manifest of each version, written from its record in models.json."""

_WHAT_TO_EXPECT = {
    "v1": """\
# Version 1: a plain linear model, fast and right on about 96 of 100 images.
# The operator should roll it out and keep it as the stable version.
""",
    "v2": """\
# Version 2: a kernel model, better than version 1 and about as fast.
# Its answers differ on a few images in a hundred; the operator should promote it.
""",
    "skewed": """\
# Version 2, trained on pixels scaled to -1..1 but served raw pixels 0..16: quick, sure and wrong.
# No error and no latency shows it, only a comparison of answers; the operator should roll it back
# while it still gets copies of requests, before anybody has an answer of it.
""",
    "crashing": """\
# Version 2 with a calibration table that is too short: inference fails on the darkest images.
# It loads and warms up well. The operator should roll it back for its error rate.
""",
    "slow": """\
# Version 2 exported as a loop over its support vectors: right, but tens of milliseconds late.
# The operator should roll it back for its latency.
""",
}

# The versions that first answer copies of the requests, compared with what callers got from stable.
_COPIED = ("v2", "skewed")
_COPIES = "    - {mirror: 100, hold: 5s}\n"

_TEMPLATE = """\
apiVersion: modeloperator.io/v1alpha1
kind: ModelDeployment
metadata: {{name: digits, namespace: default}}
spec:
  model:
    version: "{version}"
    uri: http://127.0.0.1:8500/digits/{file}
    sha256: "{sha256}"
    lineage: {{dataset: "{dataset}", metrics: {{accuracy: "{reportedAccuracy}"}}}}
  runtime:
    resources: {{requests: {{cpu: 100m, memory: 128Mi}}, limits: {{memory: 512Mi}}}}
  replicas: 2
  rollout:
    steps:
{copies}    - {{weight: 10, hold: 10s}}
    - {{weight: 50, hold: 10s}}
    bake: 5s
    progressDeadline: 60s
    policies: [{{name: digits-slo}}]
"""


def manifest(record: dict, dataset: dict) -> str:
    """The YAML text for one record; the lineage claims what the training run reported."""
    lineage = f"{dataset['name']} ({dataset['version']}), split seed {dataset['splitSeed']}"
    copies = _COPIES if record["name"] in _COPIED else ""
    return _WHAT_TO_EXPECT[record["name"]] + _TEMPLATE.format(dataset=lineage, copies=copies, **record)
