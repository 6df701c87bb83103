#!/bin/sh
# Runs the floor and the runtime in turn on a fresh mock and prints both and
# their ratio: compare.sh [ROUNDS]. README.md says what is measured.
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
rounds=${1:-5}
floor=$root/build/release/bench/beast_floor
client=$root/build/release/bench/bench_client
mock=$root/bench/mockllm
out=$root/build/bench
mkdir -p "$out"

# Client on core 0, mock on core 1, where there are two.
pin=
mock_core=
if [ "$(nproc)" -gt 1 ] && command -v taskset >/dev/null 2>&1; then
  pin='taskset -c 0'
  mock_core=1
fi

cleanup() { "$mock/stop.sh"; }
trap cleanup EXIT
trap 'exit 130' INT TERM

measure() { # NAME OPTIONS...: fills $out/NAME.floor and $out/NAME.client
  name=$1
  shift
  : >"$out/$name.floor"
  : >"$out/$name.client"
  printf '%s: %s\n' "$name" "$*" >&2
  round=0
  while [ "$round" -lt "$rounds" ]; do
    for peer in floor client; do
      program=$floor
      [ "$peer" = floor ] || program=$client
      "$mock/stop.sh"
      "$mock/start.sh" $mock_core >/dev/null
      # shellcheck disable=SC2086 # a command and its options, or nothing
      $pin "$program" "$@" >>"$out/$name.$peer"
    done
    round=$((round + 1))
  done
}

# The runtime with its journal in memory (in place of the floor) and on disk.
measure_journal() { # NAME OPTIONS...
  name=$1
  shift
  : >"$out/$name.floor"
  : >"$out/$name.client"
  printf '%s: %s\n' "$name" "$*" >&2
  round=0
  while [ "$round" -lt "$rounds" ]; do
    "$mock/stop.sh"
    "$mock/start.sh" $mock_core >/dev/null
    # shellcheck disable=SC2086 # a command and its options, or nothing
    $pin "$client" "$@" >>"$out/$name.floor"
    rm -rf "$out/state"
    "$mock/stop.sh"
    "$mock/start.sh" $mock_core >/dev/null
    # shellcheck disable=SC2086
    $pin "$client" "$@" --journal "$out/state" >>"$out/$name.client"
    round=$((round + 1))
  done
}

# The median over the rounds of an expression of one line's fields.
median() { # NAME PEER EXPRESSION
  awk '
    function field(key) {
      match($0, "\"" key "\":[-0-9.]+")
      return substr($0, RSTART + length(key) + 3, RLENGTH - length(key) - 3) + 0
    }
    { print '"$3"' }' "$out/$1.$2" | sort -g \
    | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'
}

row() { # TITLE NAME EXPRESSION
  awk -v title="$1" -v a="$(median "$2" floor "$3")" \
    -v b="$(median "$2" client "$3")" 'BEGIN {
      ratio = a > 0 ? sprintf("%.2f", b / a) : "-"
      printf "%-42s %10.4g %10.4g %8s\n", title, a, b, ratio
    }'
}

calls='(field("jobs") * (field("n") + 2))'
measure n10 --n 10 --jobs 400 --warmup 50
measure n100 --n 100 --jobs 60 --warmup 10
measure n1000 --n 1000 --jobs 8 --warmup 2
# Three calls of 100 ms follow each other in a job.
measure at_once --n 10 --jobs 160 --conc 16 --warmup 16 --model mock-100ms
measure few --n 10 --jobs 1 --model mock-300ms
measure many --n 10 --jobs 200 --conc 200 --model mock-300ms

measure_journal journal64 --n 10 --jobs 400 --warmup 50 --conc 64
measure_journal journal1 --n 10 --jobs 100 --warmup 10

printf '\n%-42s %10s %10s %8s\n' "medians of $rounds rounds" memory durable ratio
for name in journal64 journal1; do
  row "jobs/s, $name" "$name" 'field("jobs_s")'
  row "CPU us per call, $name" "$name" "field(\"cpu_s\") * 1e6 / $calls"
  row "p50 of a job in ms, $name" "$name" 'field("p50_ms")'
  printf '%-42s %21s\n' "events in a transaction, $name" \
    "$(median "$name" client 'field("events_each")')"
done
rm -rf "$out/state"
"$root/build/release/bench/bench_journal" restore 10000 "$out/state"
rm -rf "$out/state"
"$root/build/release/bench/bench_journal" list 10000 "$out/state"
rm -rf "$out/state"
"$root/build/release/bench/bench_journal" list 100000 "$out/state" 50
rm -rf "$out/state"

printf '\n%-42s %10s %10s %8s\n' "medians of $rounds rounds" floor brigade ratio
for name in n10 n100 n1000; do
  row "jobs/s, N = ${name#n}" "$name" 'field("jobs_s")'
  row "CPU us per call, N = ${name#n}" "$name" "field(\"cpu_s\") * 1e6 / $calls"
done
row '16 at once, 100 ms calls: added p50, ms' at_once 'field("p50_ms") - 300'
row '16 at once, 100 ms calls: added p99, ms' at_once 'field("p99_ms") - 300'
row 'ready after, ms' n10 'field("ready_ms")'
row 'most memory, 1 run, MiB' few 'field("maxrss_mib")'
row 'most memory, 200 runs at once, MiB' many 'field("maxrss_mib")'

for peer in floor client; do
  awk -v peer="$peer" -v few="$(median few "$peer" 'field("maxrss_mib")')" \
    -v many="$(median many "$peer" 'field("maxrss_mib")')" 'BEGIN {
      printf "KiB per run in flight, %-20s %10.1f\n",
             peer == "floor" ? "floor" : "brigade", (many - few) * 1024 / 199
    }'
done

# The whole program, from its start to its end.
document=$out/cold.txt
echo 'The bridge was opened in 1932. It is 40 metres long.' >"$document"
starts=20
began=$(date +%s%N)
i=0
while [ "$i" -lt "$starts" ]; do
  "$root/build/release/brigade" run --quiet --input "$document" \
    'When was the bridge opened?' >/dev/null
  i=$((i + 1))
done
ended=$(date +%s%N)
awk -v ns=$((ended - began)) -v n="$starts" 'BEGIN {
  printf "cold start of brigade run, built-in model, ms %10.1f\n", ns / n / 1e6
}'
