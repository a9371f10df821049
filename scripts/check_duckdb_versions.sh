#!/bin/sh
# Do DuckDB 1.5 and 2.0 give the same result hash? Makes one environment for each under a temporary folder, asks both the same
# screens and comparisons of generated flows, and compares. Needs the network once, to fetch the two engines.
#
#   scripts/check_duckdb_versions.sh [PYTHON]
#
# Exit code 0 when every hash agrees, 1 when one does not.
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
python=${1:-python3}
work=$(mktemp -d "${TMPDIR:-/tmp}/schakel-duckdb-XXXXXX")
trap 'rm -rf "$work"' EXIT INT TERM

# One wheel for both, so that both run the same source also when somebody edits it meanwhile.
if command -v uv >/dev/null 2>&1; then
    uv build --quiet --wheel --python "$python" --out-dir "$work/wheel" "$root"
else
    "$python" -m venv "$work/build"
    "$work/build/bin/python" -m pip wheel --quiet --no-deps --wheel-dir "$work/wheel" "$root"
fi

install() { # folder, requirement
    if command -v uv >/dev/null 2>&1; then
        uv venv --quiet --python "$python" "$work/$1"
        uv pip install --quiet --python "$work/$1/bin/python" "$work"/wheel/*.whl "$2"
    else
        "$python" -m venv "$work/$1"
        "$work/$1/bin/python" -m pip install --quiet --disable-pip-version-check "$work"/wheel/*.whl "$2"
    fi
}

cp "$root/scripts/result_hashes.py" "$work/result_hashes.py"
install one 'duckdb>=1.5.3,<1.6'
install two 'duckdb>=2.0,<2.1'

SCHAKEL_HOME="$work/home"
export SCHAKEL_HOME
cd "$work"
"$work/one/bin/python" "$work/result_hashes.py" "$work/flows.csv" --make >"$work/one.txt"
"$work/two/bin/python" "$work/result_hashes.py" "$work/flows.csv" >"$work/two.txt"

for side in one two; do head -n 1 "$work/$side.txt"; done
sed 1d "$work/one.txt" >"$work/one.hashes"
sed 1d "$work/two.txt" >"$work/two.hashes"
cat "$work/one.hashes"
if diff "$work/one.hashes" "$work/two.hashes" >&2; then
    echo "every result hash agrees"
else
    echo "the engines disagree" >&2
    exit 1
fi
