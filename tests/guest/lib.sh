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
need_tools() {
  local pair packages=()
  for pair in "$@"; do
    command -v "${pair%%=*}" >/dev/null || packages+=("${pair#*=}")
  done
  [ ${#packages[@]} -gt 0 ] || return 0
  if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    die "missing on this machine; install first: ${packages[*]}"
  fi
  say "installing ${packages[*]}"
  retry "could not fetch the package lists of this machine's Debian" apt-get -qq update >&2
  DEBIAN_FRONTEND=noninteractive retry "could not install: ${packages[*]}" \
    apt-get -qq install --no-install-recommends "${packages[@]}" >&2
}
