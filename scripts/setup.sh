#!/bin/sh
# Makes .venv and installs the package into it, with uv when it is there and with pip when it is not.
# Usage: scripts/setup.sh PYTHON WHAT      for example scripts/setup.sh python3 ".[dev]"
set -eu
python=$1
what=$2
if [ -z "$python" ]; then
  echo "Python 3.11 or newer is needed and was not found; install it, or name it: make PYTHON=/path/to/python3.12" >&2
  exit 1
fi
echo "setting up .venv ($what) ..." >&2
if command -v uv >/dev/null 2>&1; then
  [ -x .venv/bin/python ] || uv venv -q --python "$python" .venv
  uv pip install -q --python .venv/bin/python -e "$what"
else
  [ -x .venv/bin/python ] || "$python" -m venv .venv || {
    echo "the venv module is missing; on Debian and Ubuntu: apt install python3-venv" >&2
    exit 1
  }
  .venv/bin/python -m pip install -q --disable-pip-version-check -e "$what"
fi
