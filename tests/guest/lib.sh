# shellcheck shell=bash disable=SC2034
# What `fetch` and `boot` share: where things lie, how to complain, how to get host tools.

repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
guests=$(cd "$repository" && realpath -m "${CARGO_TARGET_DIR:-target}")/guest

failure=1 # the exit status of `die`

say() { printf '%s: %s\n' "${0##*/}" "$*" >&2; }
die() { say "$*"; exit "$failure"; }

# retry SENTENCE COMMAND...: three tries with growing pauses, then SENTENCE is the last word.
retry() {
  local sentence=$1 pause
  shift
  for pause in 5 20 0; do
    if "$@"; then return 0; fi
    [ "$pause" = 0 ] || { say "'$1' failed, trying again in $pause s"; sleep "$pause"; }
  done
  die "$sentence"
}

# need_tools PROGRAM=PACKAGE...: installs the packages of the programs that are missing.
need_tools() { "$repository/tests/need" "$@" || exit "$failure"; }
