#!/bin/sh
# Starts the mock LLM server in the background: start.sh [CORE]
#   CORE    pin the workers to this core (default: not pinned)
# Environment: PORT (18080), WORKERS (1), RUN: a folder for what nginx writes
# (build/mockllm of this checkout).
set -eu

dir=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)
port=${PORT:-18080}
workers=${WORKERS:-1}
run=${RUN:-$(CDPATH='' cd -- "$dir/../.." && pwd -P)/build/mockllm}
core=${1:-}

PATH=$PATH:/usr/sbin:/sbin
die() {
  printf 'mock: %s\n' "$*" >&2
  exit 1
}
command -v nginx >/dev/null 2>&1 \
  || die "nginx is missing (nginx-light libnginx-mod-http-lua lua-cjson)"

running() {
  [ -f "$run/nginx.pid" ] && kill -0 "$(cat "$run/nginx.pid")" 2>/dev/null
}
if running; then
  echo "mock: already running, pid $(cat "$run/nginx.pid")"
  exit 0
fi

# A mask of one bit per core, as nginx wants it.
affinity=
if [ -n "$core" ]; then
  affinity="worker_cpu_affinity 1$(printf "%${core}s" '' | tr ' ' 0);"
  [ "$core" != 0 ] || affinity='worker_cpu_affinity 1;'
fi
# Only root may say whom the workers run as, and must: the default user could
# not read the checkout.
user=
[ "$(id -u)" -ne 0 ] || user='user root;'

# Each connection is a file; the hard limit is as far as a user may go.
# shellcheck disable=SC3045 # dash and bash both know these options
ulimit -n 20000 2>/dev/null || ulimit -n "$(ulimit -H -n)" 2>/dev/null || true
# shellcheck disable=SC3045
files=$(ulimit -n)
[ "$files" != unlimited ] || files=20000
[ "$files" -le 20000 ] || files=20000

mkdir -p "$run"
chmod 700 "$run"
quote() { printf '%s' "$1" | sed 's/[\\&#]/\\&/g'; }
sed -e "s#@DIR@#$(quote "$dir")#g" -e "s#@RUN@#$(quote "$run")#g" \
  -e "s#@PORT@#$port#g" -e "s#@WORKERS@#$workers#g" \
  -e "s#@AFFINITY@#$affinity#g" -e "s#@USER@#$user#g" \
  -e "s#@FILES@#$files#g" -e "s#@CONNECTIONS@#$((files - files / 20))#g" \
  "$dir/nginx.conf" >"$run/nginx.conf"

nginx -p "$run" -e "$run/error.log" -c "$run/nginx.conf" \
  || die "nginx did not start; see $run/error.log"
# It listens before it goes into the background and writes its pid after that.
tries_left=100
until running; do
  tries_left=$((tries_left - 1))
  [ "$tries_left" -gt 0 ] || die "nginx ended at once; see $run/error.log"
  sleep 0.02
done
echo "mock: listening on http://127.0.0.1:$port/v1, pid $(cat "$run/nginx.pid")"
