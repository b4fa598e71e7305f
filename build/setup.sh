#!/usr/bin/env bash
# Brings what building and running needs into .deps/ and restores packages. Does nothing twice.
set -euo pipefail
cd "$(dirname "$0")/.."

need() { # program, what it is for
  command -v "$1" >/dev/null || { echo "setup: $1 is missing ($2); install it and run make again" >&2; exit 1; }
}
need dotnet "the .NET 10 SDK builds everything"
need npm "Node.js brings the ONNX Runtime package"
need python3 "it unpacks downloads, and serves the quickstart's models"

build/clients.sh
build/onnxruntime.sh

stamp=.deps/restored
inputs=$(cat global.json Directory.*.props $(git ls-files '*.csproj' 2>/dev/null || find . -name '*.csproj') | sha256sum)
if [ ! -e "$stamp" ] || [ "$(cat "$stamp")" != "$inputs" ] || [ ! -d artifacts/obj ]; then
  echo "setup: restoring NuGet packages"
  dotnet restore ModelOperator.sln --verbosity quiet --nologo
  printf '%s' "$inputs" > "$stamp"
fi
