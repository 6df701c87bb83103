#!/bin/sh
# Applies each mutant to a copy of the checkout and looks for the seed that
# catches it: tests/mutants/run.sh [NAME...]. Needs a configured toolchain; see
# `./dev mutants`.
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd -P)
work=$root/build/mutants
seeds=${MUTANT_SEEDS:-1..10000}
jobs=${MUTANT_JOBS:-$(nproc)}

say() { printf '%s\n' "$*" >&2; }

# The copy keeps its times, but for what differs: a patch that an interrupted run
# left behind must be built out again.
mkdir -p "$work/src"
(cd "$root" && git ls-files -z --cached --others --exclude-standard) \
  | (cd "$root" && xargs -0 sh -c 'for f; do [ -f "$f" ] && printf "%s\0" "$f"; done' sh) \
  | (cd "$root" && tar --null --files-from=- -cf -) \
  | (cd "$work/src" && tar --skip-old-files -xf - 2>/dev/null)
(cd "$root" && git ls-files -z --cached --others --exclude-standard) \
  | (cd "$root" && xargs -0 sh -c '
      for f; do
        [ -f "$f" ] || continue
        cmp -s "$f" "$0/src/$f" || cp "$f" "$0/src/$f"
      done' "$work")

if [ ! -f "$work/build/build.ninja" ]; then
  launcher=
  ! command -v ccache >/dev/null 2>&1 || launcher=ccache
  cmake -S "$work/src" --preset release -B "$work/build" \
    -DBRIGADE_BUILD_BENCH=OFF -DCMAKE_CXX_COMPILER_LAUNCHER="$launcher" \
    >"$work/configure.log" 2>&1
fi

build() {
  cmake --build "$work/build" --parallel "$jobs" --target brigade-sim \
    >"$work/build.log" 2>&1
}

simulate() {
  "$work/build/brigade-sim" --seeds "$seeds" --jobs "$jobs" \
    >"$work/sim.log" 2>&1
}

say "building the checkout itself"
build || { tail -n 20 "$work/build.log" >&2; exit 2; }
if ! simulate; then
  say "the checkout itself breaks a rule; see $work/sim.log"
  exit 2
fi

survivors=0
tried=0
printf '%-28s %-10s %-8s %s\n' mutant verdict seed 'rule that caught it'
for patch in "$root"/tests/mutants/*.patch; do
  name=$(basename "$patch" .patch)
  case " $* " in
    *" $name "* | "  ") ;;
    *) continue ;;
  esac
  tried=$((tried + 1))
  if ! (cd "$work/src" && patch --dry-run --quiet --force -p1 <"$patch") \
    >/dev/null; then
    printf '%-28s %-10s\n' "$name" STALE
    survivors=$((survivors + 1))
    continue
  fi
  (cd "$work/src" && patch --quiet -p1 <"$patch")
  if ! build; then
    printf '%-28s %-10s\n' "$name" 'NO BUILD'
    survivors=$((survivors + 1))
  elif simulate; then
    printf '%-28s %-10s\n' "$name" SURVIVED
    survivors=$((survivors + 1))
  else
    printf '%-28s %-10s %-8s %s\n' "$name" killed \
      "$(sed -n 's/^seed \([0-9]*\): .*/\1/p' "$work/sim.log" | head -n 1)" \
      "$(sed -n 's/^seed [0-9]*: \([A-Za-z0-9-]*\): .*/\1/p' "$work/sim.log" \
        | head -n 1)"
  fi
  (cd "$work/src" && patch --quiet -R -p1 <"$patch")
done
[ "$tried" -gt 0 ] || { say "there is no mutant called $*"; exit 2; }
[ "$survivors" -eq 0 ] || { say "$survivors mutants survived"; exit 1; }
