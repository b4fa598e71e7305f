#!/usr/bin/env bash
# Writes deploy/install.yaml: the chart with its defaults, for those who do not use Helm.
set -euo pipefail
cd "$(dirname "$0")/.."
{
  echo "# Made by make manifests from charts/modeloperator: kubectl apply --server-side -f deploy/install.yaml"
  cat <<YAML
apiVersion: v1
kind: Namespace
metadata:
  name: modeloperator-system
  labels: {pod-security.kubernetes.io/enforce: restricted}
YAML
  helm template modeloperator charts/modeloperator --namespace modeloperator-system --include-crds --skip-tests |
    sed -e '/^    app.kubernetes.io\/managed-by: Helm$/d' -e '/helm.sh\/chart:/d' -e '/^# Source: /d'
} >deploy/install.yaml
echo deploy/install.yaml
