# Checks C++ sources against the house rules: see check.sh. File names are
# relative to the checkout. Prints `path:line: [rule] what is wrong`.

function fault(line, rule, text) {
  printf "%s:%d: [%s] %s\n", FILENAME, line, rule, text
}

# The line without comments, strings and the content of raw strings.
function code_of(line,    at, rest, opening) {
  if (raw_end != "") {
    at = index(line, raw_end)
    if (at == 0) return ""
    line = substr(line, at + length(raw_end))
    raw_end = ""
  }
  if (in_comment) {
    at = index(line, "*/")
    if (at == 0) return ""
    line = substr(line, at + 2)
    in_comment = 0
  }
  if (match(line, /R"[A-Za-z0-9_]*\(/)) {
    opening = substr(line, RSTART + 2, RLENGTH - 3)
    rest = substr(line, RSTART + RLENGTH)
    line = substr(line, 1, RSTART - 1)
    raw_end = ")" opening "\""
    at = index(rest, raw_end)
    if (at > 0) {
      line = line "0" substr(rest, at + length(raw_end))
      raw_end = ""
    }
  }
  if (line !~ /^[ \t]*#/) {
    gsub(/\\\\/, "", line)
    gsub(/\\["']/, "", line)
    gsub(/'"'/, "0", line)
    gsub(/"[^"]*"/, "0", line)
  }
  sub(/\/\/.*/, "", line)
  gsub(/\/\*[^*]*\*\//, "", line)
  at = index(line, "/*")
  if (at > 0) {
    line = substr(line, 1, at - 1)
    in_comment = 1
  }
  sub(/[ \t]+$/, "", line)
  return line
}

# Names what an include brings in; project headers by their folder.
function part_of(path,    names) {
  if (path ~ /^brigade\//) {
    split(path, names, "/")
    return names[2]
  }
  if (path ~ /^boost\/(json|asio|beast|url|system)[\/.]/) {
    sub(/^boost\//, "", path)
    sub(/[\/.].*/, "", path)
    return path
  }
  if (path ~ /^toml/) return "toml"
  if (path ~ /^sqlite3|^SQLiteCpp\//) return "sqlite"
  if (path ~ /^(caf|openssl|re2|valijson|CLI|spdlog|boost)\//) {
    sub(/\/.*/, "", path)
    return path
  }
  if (path ~ /\.h$|\//) return "platform"
  return "std"
}

# What each folder may include: the table of the design. Errors of the form
# boost::system::result come with Boost.JSON and belong to all.
function may_include(folder, part) {
  if (part == "std" || part == "core" || part == "json" || part == "system")
    return 1
  if (part == folder) return 1
  if (folder == "core")
    return (part == "valijson" && FILENAME == "core/plan/output_schema.cpp") \
           || (part == "openssl" && FILENAME == "core/model/digest.cpp") \
           || (part == "re2" && FILENAME ~ /^core\/plan\//)
  if (folder == "config") return part == "toml" || part == "platform"
  if (folder == "store") return part == "sqlite" || part == "platform"
  if (folder == "net")
    return part ~ /^(asio|beast|url|openssl|platform|boost)$/
  if (folder == "actors") {
    if (FILENAME ~ /^actors\/bridge\//)
      return part ~ /^(caf|net|store|asio|platform)$/
    return part == "caf"
  }
  if (folder == "testkit")
    return part ~ /^(actors|store|caf)$/ \
           || (part == "asio" && FILENAME ~ /^tests\/kit\/(tcp_gate\.cpp|detail\/)/) \
           || (part == "openssl" && FILENAME ~ /^tests\/kit\/checkers\/.*\.cpp$/)
  return 1
}

function check_include(line,    path, part) {
  path = line
  sub(/^[ \t]*#[ \t]*include[ \t]*[<"]/, "", path)
  sub(/[>"].*/, "", path)
  if (path == "caf/all.hpp")
    fault(FNR, "umbrella", "include the CAF headers that are used")
  if (!product && !kit) return
  part = part_of(path)
  if (!may_include(kit ? "testkit" : folder, part))
    fault(FNR, "include", (kit ? "tests/kit" : folder) "/ must not include " path)
  else if (FILENAME ~ /^net\/.*\.hpp$/ && FILENAME !~ /\/detail\// \
           && part ~ /^(asio|beast|openssl)$/)
    fault(FNR, "public-header", "net/ shows " path \
          " to its users; such headers belong in detail/")
  if (folder == "core" \
      && path ~ /^(thread|fstream|filesystem|iostream|future)$/)
    fault(FNR, "pure-core", "core/ has no thread and no file: " path)
}

function check_words(code) {
  if (product && code ~ /caf::infinite/)
    fault(FNR, "infinite", "every wait has a deadline")
  if (product && code ~ /\.await\(/)
    fault(FNR, "await", "use .then with both arms")
  if (folder == "core" && code ~ /_clock::now|random_device|getenv|sleep_for|sleep_until|std::j?thread|std::async/)
    fault(FNR, "pure-core", "time and randomness come in as arguments")
  # The simulator is a program: it may wait for its jobs.
  if (folder == "tests" && FILENAME !~ /tests\/sim\// && code ~ /(^|[^A-Za-z_])(sleep_for|sleep_until|usleep|nanosleep|sleep)[ ]*\(/)
    fault(FNR, "test-sleep", "a test waits for events, not for time")
  if (library && code ~ /std::(cout|cerr|clog)|(^|[^A-Za-z_])(f?printf|f?puts|perror)[ ]*\(/)
    fault(FNR, "library-prints", "a library prints nothing")
}

# Functions as clang-format lays them out: they end with a brace at the indent
# at which they began.
function check_function(code,    indent) {
  match(code, /^ */)
  indent = RLENGTH
  if (function_start) {
    if (indent == function_indent && code ~ /^ *}/) {
      if (!is_table && FNR - function_start + 1 > 70)
        fault(function_start, "long-function", \
              (FNR - function_start + 1) " lines; 70 is the most")
      function_start = 0
      statement = ""
    }
    return
  }
  if (code == "" || code ~ /^ *#/) {
    statement = ""
    return
  }
  if (statement == "") {
    statement_start = FNR
    statement_indent = indent
  }
  statement = statement code
  if (code ~ /{$/) {
    if (code !~ /^ *(inline )?(namespace|class|struct|union|enum|extern)($|[ {])/ \
        && statement !~ /^[^(]*(class|struct) [^(]*$/) {
      # A table of constants may be long.
      is_table = statement !~ /\(/ || code ~ /= ?{$/
      function_start = statement_start
      function_indent = statement_indent
    }
    statement = ""
  } else if (code ~ /[;}:]$/ && code !~ /\) *:$/) {
    statement = ""
  }
}

function finish_file() {
  if (file == "") return
  if (lines > 400)
    printf "%s:1: [long-file] %d lines; 400 is the most\n", file, lines
  if (file ~ /\.hpp$/ && !has_pragma)
    printf "%s:1: [pragma-once] a header begins with #pragma once\n", file
}

FNR == 1 {
  finish_file()
  file = FILENAME
  folder = FILENAME
  sub(/\/.*/, "", folder)
  library = folder ~ /^(core|config|net|store|actors)$/
  product = library || folder == "app"
  kit = FILENAME ~ /^tests\/kit\//
  has_pragma = in_comment = function_start = 0
  raw_end = statement = ""
  if ((product || kit) && FILENAME ~ /\.hpp$/ && $0 !~ /^\/\/\/ /)
    fault(1, "header-comment", "a header opens with /// and what it holds")
}

{
  lines = FNR
  if ($0 ~ /^#pragma once/) has_pragma = 1
  code = code_of($0)
  if (code ~ /^[ \t]*#[ \t]*include/) check_include(code)
  else check_words(code)
  check_function(code)
}

END { finish_file() }
