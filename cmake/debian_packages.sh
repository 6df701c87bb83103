# shellcheck shell=sh
# Which Debian packages this project needs, and how the missing ones are
# installed. Sourced by ./dev, which brings say, die, have and log_dir.
# shellcheck disable=SC2154

# A need is a name from a verb: the base is always needed.
needed_packages() { # NEED...
  echo "cmake ninja-build g++ ccache libssl-dev libcaf-dev libre2-dev" \
    "libtomlplusplus-dev libcli11-dev libspdlog-dev libvalijson-dev" \
    "libjemalloc-dev libsqlitecpp-dev libsqlite3-dev prometheus-cpp-dev"
  # All of Boost must be of one version.
  boost=$(boost_version)
  echo "libboost$boost-dev libboost-json$boost-dev libboost-url$boost-dev" \
    "libboost-test$boost-dev"
  for need in "$@"; do
    case $need in
      clang)
        echo clang
        # libFuzzer and the sanitizers of Debian's default clang.
        LC_ALL=C apt-cache depends clang 2>/dev/null \
          | sed -n 's/^ *Depends: clang-\([0-9]*\)$/libclang-rt-\1-dev/p'
        ;;
      mock) echo "nginx-light libnginx-mod-http-lua lua-cjson" ;;
      *) echo "$need" ;;
    esac
  done
}

# The Boost that is installed (1.81 or later), else the first that the package
# lists know, else nothing, which names Debian's default.
boost_version() {
  found=$(LC_ALL=C dpkg-query -W -f '${db:Status-Abbrev}${Package}\n' \
    'libboost1.*-dev' 2>/dev/null \
    | sed -n 's/^ii *libboost\(1\.[0-9]*\)-dev$/\1/p')
  for v in $found; do
    if [ "${v#1.}" -ge 81 ]; then
      echo "$v"
      return
    fi
  done
  for v in 1.81 1.83 1.88; do
    if known "libboost$v-dev"; then
      echo "$v"
      return
    fi
  done
}

known() { # NAME: whether apt-get could install it
  LC_ALL=C apt-cache policy "$1" 2>/dev/null | grep -q '^  Candidate: [^(]'
}

all_known() { # NAME...
  for name in "$@"; do
    known "$name" || return 1
  done
}

missing_packages() { # NEED...: prints those needed and not installed
  # shellcheck disable=SC2046 # package names are words
  set -- $(needed_packages "$@")
  present=" $(LC_ALL=C dpkg-query -W -f '${db:Status-Abbrev}${Package} ' \
    "$@" 2>/dev/null || true) "
  for name in "$@"; do
    case $present in
      *" ii $name "* | "ii $name "*) ;;
      *) printf '%s ' "$name" ;;
    esac
  done
}

as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    env DEBIAN_FRONTEND=noninteractive "$@"
  else
    sudo env DEBIAN_FRONTEND=noninteractive "$@"
  fi
}

apt_get() { # ARGS...
  as_root apt-get -y -o DPkg::Lock::Timeout=120 "$@" \
    </dev/null >>"$log_dir/apt.log" 2>&1
}

apt_failed() { # WHAT
  tail -n 20 "$log_dir/apt.log" >&2
  die "$1 failed; all of its output: $log_dir/apt.log"
}

apt_update() {
  say "    updating the package lists"
  apt_get update || apt_failed "apt-get update"
}

install_missing() { # NEED...
  if ! have dpkg-query || ! have apt-get; then
    say "dev: neither Debian nor Ubuntu: you install what is missing."
    return 0
  fi
  missing=$(missing_packages "$@")
  [ -n "$missing" ] || return 0
  if [ "$(id -u)" -ne 0 ] && ! have sudo; then
    die "packages are missing, you are not root, and there is no sudo." \
      "As root, run: apt-get install --no-install-recommends $missing"
  fi
  mkdir -p "$log_dir"
  : >"$log_dir/apt.log"
  say "--> installing what is missing (1 to 4 minutes)"
  # shellcheck disable=SC2086
  if ! all_known $missing; then
    apt_update
    # Some names depend on what the lists offer.
    missing=$(missing_packages "$@")
  fi
  for name in $missing; do
    known "$name" || die "no package source of this machine offers $name." \
      "Debian 12 and 13 and Ubuntu 24.04 do."
  done
  # shellcheck disable=SC2086
  set -- install --no-install-recommends --no-remove $missing
  say "    $missing"
  # The lists may be older than the mirror: then refresh them, once.
  apt_get "$@" || { apt_update && apt_get "$@"; } \
    || apt_failed "apt-get install"
}
