#!/usr/bin/env bash
# A real PostgreSQL for the tests of the consumer kit, out of Debian's packages: one server on 127.0.0.1, run by an unprivileged user.
#
#   .ci/engines/postgresql.sh start            starts one; prints what to set ANNALS_TEST_POSTGRESQL to
#   .ci/engines/postgresql.sh stop [address]   ends the server of that address, or all that this script started
#
# Its data is below $ANNALS_ENGINES, by default a folder of the user's cache; never in the repository. Started by root, it runs as the user
# postgres, which the package makes, with its data in a folder of the system's temporary files, which that user can reach.
set -euo pipefail
engines=${ANNALS_ENGINES:-${XDG_CACHE_HOME:-$HOME/.cache}/annals-engines}
home=$engines/postgresql

fail() { echo "$*" >&2 && exit 1; }

# The folder of the server programs: Debian keeps them out of PATH, one folder a version.
programs() { ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1; }

install_programs() {
  [ -n "$(programs)" ] && return
  [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || fail "There is no PostgreSQL here: install the package postgresql."
  echo 'Installing the package postgresql' >&2
  # a cluster of the system's own is not wanted
  mkdir -p /etc/postgresql-common
  [ -e /etc/postgresql-common/createcluster.conf ] || echo 'create_main_cluster = false' >/etc/postgresql-common/createcluster.conf
  apt-get update -qq >&2 && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq postgresql >&2
  [ -n "$(programs)" ] || fail 'The package has no server program.'
}

# The server refuses to run as root.
unprivileged() {
  if [ "$(id -u)" = 0 ]; then (cd / && setpriv --reuid postgres --regid postgres --init-groups "$@"); else "$@"; fi
}

free_port() {
  node -e 'const server = require("node:net").createServer();
    server.listen(0, "127.0.0.1", () => { console.log(server.address().port); server.close(); });'
}

start() {
  local bin folder data port
  install_programs
  bin=$(programs)
  mkdir -p "$home"
  folder=$(mktemp -d "$home/XXXXXXXX")
  data=$(unprivileged mktemp -d "${TMPDIR:-/tmp}/annals-postgresql-XXXXXXXX")
  echo "$data" >"$folder/data"
  port=$(free_port)
  if ! unprivileged "$bin/initdb" --pgdata "$data" --username annals --auth trust --encoding UTF8 --locale C --no-sync >"$folder/log" 2>&1 ||
    ! unprivileged "$bin/pg_ctl" start --pgdata "$data" --wait --timeout 60 --log "$data/log" \
      --options "-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off" >>"$folder/log" 2>&1; then
    cat "$folder/log" "$data/log" >&2 2>/dev/null || true
    end "$folder"
    exit 1
  fi
  echo "postgresql://annals@127.0.0.1:$port/postgres" | tee "$folder/address"
}

# Ends the server of a folder, by the process id in its data, and removes both.
end() {
  local folder=$1 data
  data=$(cat "$folder/data" 2>/dev/null || true)
  if [ -n "$data" ] && [ -d "$data" ]; then
    unprivileged "$(programs)/pg_ctl" stop --pgdata "$data" --mode immediate --wait >/dev/null 2>&1 || true
    rm -rf "$data"
  fi
  rm -rf "$folder"
}

stop() {
  local folder
  for folder in "$home"/*/; do
    folder=${folder%/}
    [ -d "$folder" ] || continue
    [ -n "${1:-}" ] && [ "$(cat "$folder/address" 2>/dev/null)" != "$1" ] && continue
    end "$folder"
  done
}

case "${1:-}" in
  start) start ;;
  stop) stop "${2:-}" ;;
  *) sed -n '2,8s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2; exit 2 ;;
esac
