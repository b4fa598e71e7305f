#!/usr/bin/env bash
# Runs the fuzz test of the inference server at its full size; prints the seed, which makes the same requests again.
set -euo pipefail
cd "$(dirname "$0")/.."
configuration=${1:-Release} requests=${2:-200000} seed=${3:-}
export FUZZ_REQUESTS=$requests FUZZ_SEED=${seed:-$((RANDOM * 32768 + RANDOM))}
echo "fuzz: $FUZZ_REQUESTS requests, SEED=$FUZZ_SEED"
dotnet test tests/Serving --configuration "$configuration" --no-build --nologo \
  --filter "FullyQualifiedName~FuzzTests" --logger "console;verbosity=detailed"
