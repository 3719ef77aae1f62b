# For tests/steps/declared: one function for each claim, run on a workspace of packages as `tests/declared/package` makes it.
# Sourced, not run. The first argument of each is the folder, then come the packages.
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
work=$target/declared

# metadata FOLDER: the packages themselves, as cargo reads them.
metadata() { cargo metadata --quiet --no-deps --format-version 1 --manifest-path "$1/Cargo.toml"; }

# in_packages FOLDER COMMAND...: a command of cargo, with the packages' own target folder.
in_packages() {
    local folder=$1 command=$2
    shift 2
    CARGO_PROFILE_DEV_DEBUG=0 cargo "$command" --quiet --locked --manifest-path "$folder/Cargo.toml" --target-dir "$work/built" "$@"
}

# Each set of the words given, a line each, with commas.
sets() {
    local all=("") word some
    for word in "$@"; do
        for some in "${all[@]}"; do all+=("$some,$word"); done
    done
    printf '%s\n' "${all[@]#,}"
}

# Every combination of a package's features, and no warning in any.
combinations() {
    local folder=$1 package features set
    shift
    for package in "$@"; do
        mapfile -t features < <(metadata "$folder" |
            jq -r --arg package "$package" '.packages[] | select(.name == $package) | .features | keys[] | select(. != "default")')
        while read -r set; do
            echo "$package with ${set:-no feature}"
            in_packages "$folder" clippy --lib --no-default-features --features "$set" -p "$package" -- -D warnings || return
        done < <(sets "${features[@]}")
    done
}

# The Rust that the packages promise.
promised_rust() {
    local folder=$1 version
    shift
    version=$(metadata "$folder" | jq -r '[.packages[].rust_version] | unique | join(" ")')
    tests/declared/promised "$version" "$folder" "$@"
}

# The lowest version of each direct dependency, those of tests and examples included.
lowest_versions() {
    local folder=$1 lowest=$work/lowest packages=() package
    shift
    for package in "$@"; do packages+=(-p "$package"); done
    rm -rf "$lowest"
    mkdir "$lowest"
    cp -r "$folder"/* "$lowest"
    rm "$lowest/Cargo.lock"
    # Dependencies of dependencies are new, but not newer than this compiler.
    CARGO_RESOLVER_INCOMPATIBLE_RUST_VERSIONS=allow retry \
        cargo +nightly generate-lockfile --quiet -Zdirect-minimal-versions --manifest-path "$lowest/Cargo.toml" || return
    in_packages "$lowest" check --all-targets "${packages[@]}" || return
    in_packages "$lowest" check --lib --all-features "${packages[@]}"
}

# Libraries, tests, examples and documentation tests are built and, where no camera is wanted, run. With all features they are only
# checked: a program that logs brings a logger.
inside() {
    local folder=$1 packages=() package
    shift
    for package in "$@"; do packages+=(-p "$package"); done
    in_packages "$folder" test --no-fail-fast "${packages[@]}" || return
    in_packages "$folder" check --all-targets --all-features "${packages[@]}"
}

# As docs.rs: the nightly compiler, the features that the package names for it; then all features.
documentation() {
    local folder=$1 package features
    shift
    for package in "$@"; do
        features=$(metadata "$folder" | jq -r --arg package "$package" \
            '.packages[] | select(.name == $package) | .metadata.docs.rs.features // [] | join(",")')
        for features in "--features=$features" --all-features; do
            echo "$package $features"
            RUSTDOCFLAGS="--cfg docsrs -D warnings" cargo +nightly doc --quiet --locked --no-deps --lib -p "$package" "$features" \
                --manifest-path "$folder/Cargo.toml" --target-dir "$work/documentation" || return
        done
    done
}
