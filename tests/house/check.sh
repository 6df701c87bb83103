#!/bin/sh
# Checks a checkout against the house rules that a machine can check:
#   check.sh ROOT
# Prints every fault and exits with 1 when there is one. The rules are those of
# CONTRIBUTING.md; self_test.sh proves that each of them fires.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)
cd "$1"

folders=
for folder in core config net store actors app tests bench examples cmake; do
  [ ! -d "$folder" ] || folders="$folders $folder"
done

sources() { # FIND TESTS...: the samples of this test are bad on purpose
  # shellcheck disable=SC2086 # folders are words
  find $folders -path tests/house -prune -o -type f \( "$@" \) -print \
    | LC_ALL=C sort
}

cpp_faults() {
  sources -name '*.cpp' -o -name '*.hpp' | LC_ALL=C xargs -r awk -f "$here/house.awk"
}

# Notes to oneself, and paths of somebody's machine, in any kind of source.
word_faults() {
  sources -name '*.?pp' -o -name '*.sh' -o -name '*.cmake' -o -name '*.lua' \
    -o -name CMakeLists.txt -o -name '*.toml' \
    | xargs -r grep -nE \
      -e '(^|[^A-Za-z0-9_])(TODO|FIXME|XXX|HACK)([^A-Za-z0-9_]|$)' \
      -e '(^|[^A-Za-z0-9_.])/(work|root|home)/' /dev/null \
    | sed 's/^\([^:]*:[0-9]*\):.*/\1: [leftover] a note or a path of a machine/'
}

# Relative links of the documents lead somewhere.
link_faults() {
  # shellcheck disable=SC2086
  { find . -maxdepth 1 -name '*.md'
    [ ! -d docs ] || find docs -name '*.md'
    find $folders -name '*.md'; } | while IFS= read -r file; do
    sed -n 's/](\([^)#:]*\)[)#]/\n@\1\n/gp' "$file" | sed -n 's/^@//p' \
      | while IFS= read -r link; do
          [ -z "$link" ] || [ -e "$(dirname "$file")/$link" ] \
            || echo "$file:1: [dead-link] $link"
        done
  done
}

faults=$(cpp_faults; word_faults; link_faults)
[ -z "$faults" ] || {
  printf '%s\n' "$faults"
  exit 1
}
