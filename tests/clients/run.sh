#!/bin/sh
# run.sh BRIGADE FOLDER: the official openai SDK for node and curl against a
# daemon that it starts. Without node, npm, curl or a registry it says so and
# does nothing.
set -eu

brigade=$1
folder=$2
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)

skip() {
  printf 'skipped: %s\n' "$*" >&2
  exit 0
}
for tool in node npm curl; do
  command -v "$tool" >/dev/null 2>&1 || skip "there is no $tool here"
done

mkdir -p "$folder"
cd "$folder"
if [ ! -d node_modules/openai ]; then
  # The major version that the cases were written for.
  npm install --no-audit --no-fund --silent --prefix . 'openai@6' >&2 \
    || skip "npm cannot install openai"
fi
# Where node finds the SDK.
cp "$here"/*.mjs .
exec node main.mjs "$brigade" "$folder/daemon"
