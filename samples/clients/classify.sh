#!/usr/bin/env bash
# Asks a digits model which digit a picture shows, with curl and JSON: classify.sh URL [PICTURE]
set -euo pipefail
url=${1:?usage: classify.sh URL [PICTURE]} picture=${2:-0} model=${MODEL:-digits}

# A picture is a line {"label":6,"pixels":[0,0,10,...]}, after the array's bracket.
line=$(sed -n "$((picture + 2))p" "$(dirname "$0")/../digits/heldout.json")
pixels=$(grep -o '"pixels":\[[0-9,]*\]' <<<"$line") || { echo "classify: there is no picture $picture" >&2; exit 1; }
pixels=${pixels#*:}

answer=$(curl --silent --show-error --fail-with-body ${VERBOSE:+--dump-header /dev/stderr} "$url/v2/models/$model/infer" \
  --header 'Content-Type: application/json' \
  --data '{"inputs": [{"name": "image", "shape": [1, 64], "datatype": "FP32", "data": '"$pixels"'}], "outputs": [{"name": "label"}]}')

# {"model_name":"digits",...,"outputs":[{"name":"label",...,"data":[6]}]}
digit=$(grep -o '"data":\[[0-9]*\]' <<<"$answer" | tr -dc '0-9')
echo "picture $picture is a $digit"
