#!/bin/sh
# The unit of systemd is one that systemd takes, and keeps its hardening:
#   unit.sh UNIT FOLDER
# The program need not be installed: any other stands in for it. Exits with 77
# where there is no systemd.
set -eu

command -v systemd-analyze >/dev/null 2>&1 || exit 77
unit=$2/brigade.service
mkdir -p "$2"
sed 's|^ExecStart=[^ ]*|ExecStart=/bin/true|' "$1" >"$unit"

systemd-analyze verify --man=no "$unit" 2>"$2/verify" || {
  cat "$2/verify"
  exit 1
}
# Unknown keys are warnings only. Other units of this machine may have some.
! grep -F "$unit" "$2/verify" || exit 1

# From 0 (nothing is exposed) to 10, in tenths. Older ones cannot tell it
# without a running system.
systemd-analyze security --offline=true --threshold=20 "$unit" >/dev/null \
  2>"$2/security" || {
  ! grep -q 'offline' "$2/security" || exit 77
  echo "the unit is exposed more than before: systemd-analyze security $unit"
  exit 1
}
