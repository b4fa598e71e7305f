#!/usr/bin/env bash
# Runs the conformance suite against the cluster of a kubeconfig, or against a dev cluster when none is given.
# Cases that need a node to run pods are left out of a given cluster unless told that it has one.
set -euo pipefail
cd "$(dirname "$0")/.."
configuration=$1 kubeconfig=$2 node=$3

suite=(dotnet test tests/Conformance --configuration "$configuration" --no-build --nologo)
if [ -z "$kubeconfig" ]; then
  echo "e2e: against a dev cluster"
  exec env -u E2E_KUBECONFIG "${suite[@]}"
fi

[ -r "$kubeconfig" ] || { echo "e2e: $kubeconfig cannot be read" >&2; exit 1; }
export E2E_KUBECONFIG
E2E_KUBECONFIG=$(realpath "$kubeconfig")
echo "e2e: against the cluster of $kubeconfig"
if [ -n "$node" ]; then
  exec "${suite[@]}"
fi

left=$("${suite[@]}" --list-tests --filter TestCategory=Node | grep -c '^    ' || true)
echo "e2e: leaving out $left cases that need a node which runs pods; NODE=1 runs them too"
exec "${suite[@]}" --filter "TestCategory!=Node"
