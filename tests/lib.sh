# For the steps: sourced, not run.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
target=${CARGO_TARGET_DIR:-target}

# Runs a command up to three times, with a growing pause: a package registry can be briefly broken.
retry() {
    local try
    for try in 1 2 3; do
        "$@" && return 0
        [ "$try" = 3 ] || sleep $((try * 5))
    done
    echo "could not fetch: '$*' failed three times; is the package registry reachable?" >&2
    return 1
}

command -v cargo >/dev/null || {
    echo "cargo is missing: install Rust with rustup (https://rustup.rs); the version is in rust-toolchain.toml" >&2
    exit 1
}
