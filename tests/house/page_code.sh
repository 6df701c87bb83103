#!/bin/sh
# Checks that the code of a page is code that is built:
#   page_code.sh PAGE SOURCE...
# Every block of C++ in PAGE stands word for word in one of the SOURCEs. Prints
# those that do not and exits with 1 when there is one, or none at all.
set -eu

page=$1
shift
LC_ALL=C awk -v page="$page" '
  FILENAME != page { text[FILENAME] = text[FILENAME] $0 "\n"; next }
  /^```cpp$/ { inside = 1; block = ""; start = FNR; next }
  /^```/ && inside {
    inside = 0
    ++blocks
    found = 0
    for (name in text)
      if (index("\n" text[name], "\n" block))
        found = 1
    if (!found) {
      print page ":" start ": [page-code] no source has this block"
      bad = 1
    }
    next
  }
  inside { block = block $0 "\n" }
  END {
    if (!blocks) {
      print page ":1: [page-code] a page without code"
      bad = 1
    }
    exit bad
  }' "$@" "$page"
