#!/usr/bin/env bash
# Checks the format, runs every test project and ends with one line: N passed, N failed, N skipped.
set -uo pipefail
cd "$(dirname "$0")/.."
configuration=${1:-Release} filter=${2:-}

if [ -z "$filter" ]; then
  echo "test: checking the format"
  dotnet format ModelOperator.sln --verify-no-changes --no-restore || {
    echo "test: the format differs; run 'make format'" >&2
    exit 1
  }
fi

results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT
echo "test: running"
dotnet test ModelOperator.sln --configuration "$configuration" --no-build --nologo -m:1 \
  --results-directory "$results" --logger "trx" --logger "console;verbosity=minimal" \
  ${filter:+--filter "FullyQualifiedName~$filter"}
status=$?

total() { # attribute of the Counters element, summed over the result files
  cat "$results"/*.trx 2>/dev/null | grep -o "<Counters [^>]*" | grep -o " $1=\"[0-9]*\"" | tr -dc '0-9\n' | awk '{ n += $1 } END { print n + 0 }'
}
passed=$(total passed) failed=$(total failed) all=$(total total)
if [ "$all" = 0 ]; then
  echo "test: no test ran" >&2
  status=1
fi
echo "$passed passed, $failed failed, $((all - passed - failed)) skipped"
exit "$status"
