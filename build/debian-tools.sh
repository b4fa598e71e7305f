#!/usr/bin/env bash
# Puts Debian's prometheus, and its kubectl where none is installed, into .deps/bin without installing
# anything system-wide: no root, no service that starts by itself.
set -euo pipefail
cd "$(dirname "$0")/.."
bin=$PWD/.deps/bin
mkdir -p "$bin"

unpack() { # Debian package, path inside it, name of the program
  local package=$1 path=$2 program=$3
  [ -x "$bin/$program" ] && return
  if command -v "$program" >/dev/null; then
    ln -s "$(command -v "$program")" "$bin/$program"
    return
  fi
  command -v apt-get >/dev/null || {
    echo "setup: $program is missing and this is no Debian; put $program on PATH and run make again" >&2
    exit 1
  }
  echo "setup: downloading Debian's $package for $program"
  local work
  work=$(mktemp -d "$PWD/.deps/download.XXXXXX")
  trap 'rm -rf "$work"' RETURN
  ( cd "$work" && download "$package" )
  dpkg-deb --extract "$work"/*.deb "$work/root"
  install -m 0755 "$work/root$path" "$bin/$program"
}

download() { # Debian package; refreshes the package lists only when they do not know it
  apt-get download -qq -o APT::Sandbox::User=root "$1" 2>/dev/null && return
  echo "setup: refreshing the package lists"
  if [ "$(id -u)" = 0 ]; then apt-get update -qq; else sudo apt-get update -qq; fi
  apt-get download -qq -o APT::Sandbox::User=root "$1"
}

unpack prometheus /usr/bin/prometheus prometheus
unpack kubernetes-client /usr/bin/kubectl kubectl
