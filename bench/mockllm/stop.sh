#!/bin/sh
# Stops the mock LLM server that start.sh started, and waits for its end.
set -eu

dir=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)
run=${RUN:-$(CDPATH='' cd -- "$dir/../.." && pwd -P)/build/mockllm}

[ -f "$run/nginx.pid" ] || exit 0
pid=$(cat "$run/nginx.pid")
kill -TERM "$pid" 2>/dev/null || exit 0
tries_left=100
while kill -0 "$pid" 2>/dev/null; do
  tries_left=$((tries_left - 1))
  if [ "$tries_left" -eq 0 ]; then
    printf 'mock: pid %s does not end\n' "$pid" >&2
    exit 1
  fi
  sleep 0.05
done
