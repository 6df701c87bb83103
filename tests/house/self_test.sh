#!/bin/sh
# Proves that each house rule fires on a bad sample and on nothing else:
#   self_test.sh SCRATCH
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)
scratch=$1/house_samples
failed=0

found() { # prints the rules that fired on the samples in $scratch
  sh "$here/check.sh" "$scratch" | sed 's/^[^[]*\[\([a-z-]*\)\].*/\1/' \
    | sort -u | tr '\n' ' '
}

expect() { # RULE PATH: the sample is stdin; RULE `none` is a good sample
  rm -rf "$scratch"
  mkdir -p "$scratch/$(dirname "$2")"
  cat >"$scratch/$2"
  wanted="$1 "
  [ "$1" != none ] || wanted=
  got=$(found)
  if [ "$got" != "$wanted" ]; then
    echo "$2: wanted '$wanted', got '$got'"
    failed=1
  fi
}

line() { # RULE PATH LINE: a source with one line
  echo "$3" | expect "$1" "$2"
}

header() { # RULE PATH LINE: a good header with one more line
  printf '/// A sample.\n#pragma once\n%s\n' "$3" | expect "$1" "$2"
}

repeat() { # N LINE
  awk -v n="$1" -v line="$2" 'BEGIN { while (n-- > 0) print line }'
}

# -- the include table ---------------------------------------------------------
line include core/a.cpp '#include <caf/actor.hpp>'
line include core/a.cpp '#include "brigade/net/pool.hpp"'
line include core/a.cpp '#include <boost/asio/io_context.hpp>'
line include core/a.cpp '#include <boost/algorithm/string.hpp>'
line include core/a.cpp '#include <unistd.h>'
line include core/plan/plan_check.cpp '#include <valijson/schema.hpp>'
line none core/plan/output_schema.cpp '#include <valijson/schema.hpp>'
line include core/model/model.cpp '#include <openssl/sha.h>'
line none core/model/digest.cpp '#include <openssl/evp.h>'
line include core/run/event.cpp '#include <re2/re2.h>'
line none core/plan/output_schema.cpp '#include <re2/re2.h>'
line none core/a.cpp '#include <boost/json.hpp>'
line include config/a.cpp '#include "brigade/net/pool.hpp"'
line include config/a.cpp '#include "brigade/actors/spawn.hpp"'
line none config/a.cpp '#include <toml++/toml.h>'
line include net/a.cpp '#include <caf/actor.hpp>'
line include net/a.cpp '#include "brigade/config/crew_file.hpp"'
line include net/a.cpp '#include "brigade/store/memory.hpp"'
line none net/a.cpp '#include <boost/beast/http.hpp>'
line include store/a.cpp '#include <caf/actor.hpp>'
line include store/a.cpp '#include "brigade/net/pool.hpp"'
line none store/a.cpp '#include <SQLiteCpp/SQLiteCpp.h>'
line include actors/a.cpp '#include "brigade/net/pool.hpp"'
line include actors/a.cpp '#include "brigade/store/memory.hpp"'
line include actors/a.cpp '#include "brigade/config/crew_file.hpp"'
line include actors/a.cpp '#include <boost/asio/post.hpp>'
line none actors/bridge/a.cpp '#include "brigade/store/memory.hpp"'
line none actors/bridge/a.cpp '#include <boost/asio/post.hpp>'
line none app/a.cpp '#include "brigade/net/pool.hpp"'
line include tests/kit/a.cpp '#include "brigade/net/pool.hpp"'
line include tests/kit/a.cpp '#include <boost/asio/post.hpp>'
header include tests/kit/tcp_gate.hpp '#include <boost/asio/post.hpp>'
line none tests/kit/tcp_gate.cpp '#include <boost/asio/post.hpp>'
header none tests/kit/detail/a.hpp '#include <boost/asio/ip/tcp.hpp>'
line include tests/kit/a.cpp '#include <openssl/evp.h>'
line none tests/kit/checkers/a.cpp '#include <openssl/evp.h>'
line include tests/kit/a.cpp '#include <boost/test/unit_test.hpp>'
line none tests/kit/a.cpp '#include "brigade/actors/brigade.hpp"'
line none tests/a.cpp '#include "brigade/net/pool.hpp"'
line umbrella actors/a.cpp '#include <caf/all.hpp>'
line umbrella tests/a.cpp '#include "caf/all.hpp"'
header public-header net/a.hpp '#include <boost/asio/io_context.hpp>'
header public-header net/a.hpp '#include <boost/beast/http.hpp>'
header none net/detail/a.hpp '#include <boost/beast/http.hpp>'

# -- words ---------------------------------------------------------------------
line infinite actors/a.cpp 'self->request(x, caf::infinite, y);'
line none actors/a.cpp '// never caf::infinite'
line none tests/a.cpp 'self->request(x, caf::infinite, y);'
line await actors/a.cpp '  .await([](int) {});'
line pure-core core/a.cpp 'auto t = std::chrono::steady_clock::now();'
line pure-core core/a.cpp 'std::random_device seed;'
line pure-core core/a.cpp 'auto home = std::getenv("HOME");'
line pure-core core/a.cpp 'std::thread t;'
line pure-core core/a.cpp '#include <fstream>'
line none core/a.cpp 'auto text = "std::thread";'
line none actors/a.cpp 'auto t = std::chrono::steady_clock::now();'
line test-sleep tests/a.cpp 'std::this_thread::sleep_for(1ms);'
line test-sleep tests/a.cpp 'sleep(1);'
line library-prints store/a.cpp 'std::cout << 1;'
line library-prints net/a.cpp 'printf("x");'
line library-prints net/a.cpp 'std::fprintf(stderr, "x");'
line none net/a.cpp 'std::snprintf(text, 3, "x");'
line none app/a.cpp 'std::cout << 1;'
line leftover core/a.cpp '// TODO: more'
line leftover tests/a.sh '# FIXME'
line leftover cmake/a.cmake 'set(a "/home/me/b")'
line none tests/a.sh 'mktemp -d a.XXXXXX'
echo 'See [that](no/such/file.md) and [this](a.md).' | expect dead-link docs/a.md
echo 'See [this](a.md#part) and [web](https://example.org/).' \
  | expect none docs/a.md

# -- form ----------------------------------------------------------------------
repeat 401 '//' | expect long-file core/a.cpp
repeat 400 '//' | expect none core/a.cpp
function_of() { # N: a function of N lines in a namespace
  printf 'namespace a {\n\nint f(int x,\n      int y) {\n'
  repeat $(($1 - 3)) '  ++x;'
  printf '}\n\n} // namespace a\n'
}
function_of 71 | expect long-function core/a.cpp
function_of 70 | expect none core/a.cpp
{ printf 'struct a {\n'; repeat 80 '  int x;'; printf '};\n'; } \
  | expect none core/a.cpp
{ printf 'struct a {\n  int f() {\n'; repeat 80 '    ++x;'; printf '  }\n};\n'
} | expect long-function core/a.cpp
{ printf 'a::a() : b_{1},\n         c_{2} {\n'; repeat 80 '  ++x;'
  printf '}\n'; } | expect long-function core/a.cpp
{ printf 'auto text() {\n  return R"(\n'; repeat 10 '} { "'
  printf ')";\n}\n'; } | expect none core/a.cpp
{ printf 'const table t{{\n  {[](int x) {\n'; repeat 80 '    ++x,'
  printf '  }},\n}};\n'; } | expect none core/a.cpp
{ printf 'template <class T>\nstruct a : b<T> {\n  int x = f(1);\n\n'
  repeat 80 '  int x;'; printf '};\n'; } | expect none core/a.cpp
{ printf 'class a final : public b {\npublic:\n  int f() const override {\n'
  repeat 80 '    ++x;'; printf '  }\n};\n'
} | expect long-function core/a.cpp
{ printf 'BOOST_AUTO_TEST_CASE(a_claim) {\n'; repeat 80 '  ++x;'; printf '}\n'
} | expect long-function tests/a.cpp
echo '#pragma once' | expect header-comment core/a.hpp
echo '#pragma once' | expect header-comment tests/kit/a.hpp
echo '/// A sample.' | expect pragma-once core/a.hpp
header none core/a.hpp 'int f();'

rm -rf "$scratch"
exit "$failed"
