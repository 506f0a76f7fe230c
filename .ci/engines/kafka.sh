#!/usr/bin/env bash
# A real Kafka broker for tests, from Maven Central on the machine's Java: one KRaft node on a free loopback port.
#   kafka.sh start [FOLDER]   starts it and prints the address for ANNALS_TEST_KAFKA; on a folder that was
#                             stopped before, the same broker again: same data, same port
#   kafka.sh stop [FOLDER]    ends exactly the process that start began, and waits for it
#   kafka.sh kill [FOLDER]    the same without grace
#   kafka.sh remove [FOLDER]  stop, and delete the folder
#   kafka.sh proxied [FOLDER] prints ADDRESS=PROXY: who asks the broker at ADDRESS is sent on to PROXY, where nothing
#                             listens until a test puts its proxy there
# KAFKA_VERSION chooses another version. FOLDER is where data, port, pid and the broker's output lie.
set -euo pipefail

version=${KAFKA_VERSION:-4.1.2}
cache=${ANNALS_CI_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/annals-ci}
jars=$cache/kafka-$version
action=${1:-}
folder=${2:-${TMPDIR:-/tmp}/annals-ci-kafka}
wait_seconds=90

say() { printf '%s\n' "$*" >&2; }

resolve() {
  [ -f "$jars/.complete" ] && return
  local work
  work=$(mktemp -d)
  mkdir -p "$cache"
  cat >"$work/pom.xml" <<POM
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>annals.ci</groupId><artifactId>kafka-broker</artifactId><version>1</version><packaging>pom</packaging>
  <dependencies>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>$version</version></dependency>
    <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-simple</artifactId><version>1.7.36</version></dependency>
  </dependencies>
</project>
POM
  say "Resolving Kafka $version with Maven..."
  mvn -q -B -f "$work/pom.xml" dependency:copy-dependencies -DincludeScope=runtime -DoutputDirectory="$work/lib" >&2
  touch "$work/lib/.complete"
  # another run may have been faster
  mv -T "$work/lib" "$jars" 2>/dev/null || [ -f "$jars/.complete" ]
  rm -rf "$work"
}

java_run() {
  java -Xms64m -Xmx512m -XX:+UseSerialGC -Dorg.slf4j.simpleLogger.defaultLogLevel=warn \
    -cp "$jars/*" "$@"
}

free_ports() {
  node -e '
    const net = require("node:net");
    const servers = Array.from({ length: 3 }, () => net.createServer().listen(0, "127.0.0.1"));
    Promise.all(servers.map((one) => new Promise((ready) => one.once("listening", ready)))).then(() => {
      // below the ports that outgoing connections get: nobody takes it before a proxy does
      const proxy = 20000 + Math.floor(Math.random() * 12000);
      console.log(servers.map((one) => one.address().port).join(" "), proxy);
      for (const one of servers) one.close();
    });
  '
}

prepare() {
  local port controller behind proxy
  read -r port controller behind proxy < <(free_ports)
  mkdir -p "$folder"
  cat >"$folder/server.properties" <<CONF
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:$controller
listeners=PLAINTEXT://127.0.0.1:$port,PROXIED://127.0.0.1:$behind,CONTROLLER://127.0.0.1:$controller
advertised.listeners=PLAINTEXT://127.0.0.1:$port,PROXIED://127.0.0.1:$proxy
controller.listener.names=CONTROLLER
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,PROXIED:PLAINTEXT,CONTROLLER:PLAINTEXT
log.dirs=$folder/data
auto.create.topics.enable=false
offsets.topic.replication.factor=1
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=4
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
log.cleaner.dedupe.buffer.size=16777216
num.network.threads=2
num.io.threads=4
CONF
  local cluster
  cluster=$(node -e 'console.log(Buffer.from("annals-ci-broker").toString("base64url"))')
  java_run kafka.tools.StorageTool format -t "$cluster" -c "$folder/server.properties" >"$folder/format.out" 2>&1 || {
    cat "$folder/format.out" >&2
    return 1
  }
  printf '127.0.0.1:%s=127.0.0.1:%s\n' "$behind" "$proxy" >"$folder/proxied"
  printf '127.0.0.1:%s\n' "$port" >"$folder/address"
}

# The process of the pid file, if it is still ours.
running() {
  local pid
  [ -f "$folder/pid" ] || return 1
  pid=$(cat "$folder/pid")
  tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null | grep -qF "$folder/server.properties"
}

answers() {
  node -e '
    const [host, port] = process.argv[1].split(":");
    // ApiVersions, version 0: a broker that is up answers it
    const request = Buffer.from([0, 0, 0, 10, 0, 18, 0, 0, 0, 0, 0, 1, 255, 255]);
    const socket = require("node:net").connect(Number(port), host, () => socket.write(request));
    socket.once("data", () => process.exit(0)).once("error", () => process.exit(1));
    setTimeout(() => process.exit(1), 2000);
  ' "$1"
}

start() {
  local address deadline
  resolve
  [ -f "$folder/address" ] || prepare
  address=$(cat "$folder/address")
  if ! running; then
    (
      exec >>"$folder/server.out" 2>&1 </dev/null
      exec java -Xms64m -Xmx512m -XX:+UseSerialGC -Dorg.slf4j.simpleLogger.defaultLogLevel=warn \
        -cp "$jars/*" kafka.Kafka "$folder/server.properties"
    ) &
    echo $! >"$folder/pid"
  fi
  deadline=$((SECONDS + wait_seconds))
  until answers "$address"; do
    if ! running || [ "$SECONDS" -ge "$deadline" ]; then
      say "Kafka did not come up:"
      tail -n 30 "$folder/server.out" >&2
      stop
      return 1
    fi
  done
  say "Kafka $version answers, pid $(cat "$folder/pid")."
  printf '%s\n' "$address"
}

stop() {
  local pid signal=${1:-TERM} deadline=$((SECONDS + 20))
  if running; then
    pid=$(cat "$folder/pid")
    kill -s "$signal" "$pid"
    while running; do
      [ "$SECONDS" -lt "$deadline" ] || kill -s KILL "$pid"
      sleep 0.1
    done
  fi
  rm -f "$folder/pid"
}

case $action in
  start) start ;;
  stop) stop TERM ;;
  kill) stop KILL ;;
  remove) stop TERM && rm -rf "$folder" ;;
  proxied) cat "$folder/proxied" ;;
  *)
    say "Usage: $0 start|stop|kill|remove|proxied [FOLDER]"
    exit 2
    ;;
esac
