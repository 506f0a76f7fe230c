#!/usr/bin/env bash
# Prints the path of schemathesis, installed from PyPI into a venv of its own in the cache of CI the first time.
# SCHEMATHESIS_VERSION chooses another version.
set -euo pipefail

version=${SCHEMATHESIS_VERSION:-4.32.5}
cache=${ANNALS_CI_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/annals-ci}
venv=$cache/schemathesis-$version

if [ ! -f "$venv/.complete" ]; then
  mkdir -p "$cache"
  rm -rf "$venv"
  {
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check "schemathesis==$version"
  } >&2
  touch "$venv/.complete"
fi
printf '%s\n' "$venv/bin/st"
