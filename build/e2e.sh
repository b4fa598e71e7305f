#!/usr/bin/env bash
# Runs the conformance and the end-to-end suite against the cluster of a kubeconfig, or against dev clusters when none is given.
# What needs a node to run pods is left out of a given cluster unless told that it has one; for the end-to-end suite the node
# must know the images of samples/quickstart (`devcluster node --kubeconfig PATH` is such a node).
set -euo pipefail
cd "$(dirname "$0")/.."
configuration=$1 kubeconfig=$2 node=$3

suite=(dotnet test tests/Conformance --configuration "$configuration" --no-build --nologo)
stories=(dotnet test tests/EndToEnd --configuration "$configuration" --no-build --nologo)
if [ -z "$kubeconfig" ]; then
  echo "e2e: against dev clusters"
  unset E2E_KUBECONFIG
  "${suite[@]}"
  exec "${stories[@]}"
fi

[ -r "$kubeconfig" ] || { echo "e2e: $kubeconfig cannot be read" >&2; exit 1; }
export E2E_KUBECONFIG
E2E_KUBECONFIG=$(realpath "$kubeconfig")
echo "e2e: against the cluster of $kubeconfig"
if [ -n "$node" ]; then
  "${suite[@]}"
  exec "${stories[@]}" --filter "TestCategory!=OwnCluster"
fi

left=$("${suite[@]}" --list-tests --filter TestCategory=Node | grep -c '^    ' || true)
echo "e2e: leaving out $left cases and the end-to-end suite, which need a node that runs pods; NODE=1 runs them too"
exec "${suite[@]}" --filter "TestCategory!=Node"
