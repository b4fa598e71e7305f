#!/usr/bin/env bash
# Brings ONNX Runtime into .deps/onnxruntime: the official managed API as C# sources and the native CPU library,
# both from one npm package. operator/OnnxRuntime compiles the first and copies the second beside the programs.
# Does nothing when the pinned version is there.
set -euo pipefail
cd "$(dirname "$0")/.."

package=com.github.asus4.onnxruntime
version=0.4.9 # ONNX Runtime 1.29.0
sha512=064cf176e499f4891e0cfe90f25cf64c553689eee1492bd2ed921fccca28131a2ad02373267bae19a509ec8b288c182a3b8a2e0f58d76a1f0e63225b08ddbd16
target=.deps/onnxruntime

[ "$(cat "$target/version" 2>/dev/null || true)" = "$package@$version" ] && exit

mkdir -p .deps
work=$(mktemp -d "$PWD/.deps/download.XXXXXX")
trap 'rm -rf "$work"' EXIT

echo "setup: downloading ONNX Runtime 1.29.0 ($package@$version, 150 MB)"
( cd "$work" && npm pack --silent "$package@$version" >pack.log 2>&1 ) || {
  cat "$work/pack.log" >&2
  echo "setup: npm could not download $package@$version; check the registry and run make again" >&2
  exit 1
}
archive=$work/$package-$version.tgz
echo "$sha512  $archive" | sha512sum --check --status || {
  echo "setup: $package@$version is not the pinned one: expected sha512 $sha512, got $(sha512sum "$archive" | cut -d' ' -f1)" >&2
  exit 1
}

mkdir "$work/onnxruntime" "$work/onnxruntime/native"
tar -xzf "$archive" -C "$work" --wildcards --no-same-owner \
  'package/Runtime/*.cs' 'package/Plugins/Linux/x64/*.so' package/LICENSE package/ThirdPartyNotices.txt
rm -rf "$work/package/Runtime/Training" "$work/package/Runtime/AssemblyInfo.shared.cs"
mv "$work/package/Runtime" "$work/onnxruntime/managed"
mv "$work"/package/Plugins/Linux/x64/*.so "$work/onnxruntime/native"
mv "$work/package/LICENSE" "$work/package/ThirdPartyNotices.txt" "$work/onnxruntime"
# The sources are somebody else's: no analyzer looks at them and `make format` leaves them alone.
printf 'root = true\n\n[*.cs]\ngenerated_code = true\ndotnet_analyzer_diagnostic.severity = none\n' >"$work/onnxruntime/.editorconfig"
printf '%s' "$package@$version" >"$work/onnxruntime/version"
rm -rf "$target"
mv "$work/onnxruntime" "$target"
