#!/bin/sh
# Trains and writes every file of this folder that is generated, then checks them.
# The result is the same byte for byte wherever the packages below are installed.
set -eu

python=/usr/bin/python3
packages="python3-numpy python3-onnx python3-sklearn"

missing=""
for package in $packages; do
    module=${package#python3-}
    "$python" -c "import $module" 2>/dev/null || missing="$missing $package"
done
if [ -n "$missing" ]; then
    echo "missing:$missing" >&2
    echo "install with: sudo apt-get install --no-install-recommends$missing" >&2
    exit 1
fi

# One thread: sums are then added up in the same order on every machine.
export OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 PYTHONDONTWRITEBYTECODE=1

cd "$(dirname "$0")"
"$python" build.py
"$python" verify.py
