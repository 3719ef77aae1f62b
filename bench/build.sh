# shellcheck shell=bash disable=SC2154
# What bench/run builds and weighs. Static, so that callgrind sees all of a program in the guest, and at fixed addresses.

triple=x86_64-unknown-linux-gnu
static="-C target-feature=+crt-static -C relocation-model=static"

# The loops without a kernel: as firmware, as everybody, as everybody with critical sections.
build_frames() {
    local frames=(cargo build --locked --quiet -p vidbuf-bench --no-default-features --bin frames --target $triple)
    mkdir -p "$out/frames"
    export RUSTFLAGS=$static CARGO_TARGET_DIR=$out/build
    "${frames[@]}" --profile small
    cp "$CARGO_TARGET_DIR/$triple/small/frames" "$out/frames/z"
    "${frames[@]}" --profile scales
    cp "$CARGO_TARGET_DIR/$triple/scales/frames" "$out/frames/3"
    "${frames[@]}" --profile scales --features critical-section
    cp "$CARGO_TARGET_DIR/$triple/scales/frames" "$out/frames/3-critical"
    unset RUSTFLAGS CARGO_TARGET_DIR
}

# The programs for the guest: $out/files/3 and $out/files/z.
build_programs() {
    local features="" profile opt program
    [ "$mode" = check ] || choose_features
    export RUSTFLAGS=$static CARGO_TARGET_DIR=$out/build-peers
    for profile in scales small; do
        opt=3
        [ $profile = scales ] || opt=z
        mkdir -p "$out/files/$opt"
        cargo build --locked --quiet --manifest-path bench/peers/Cargo.toml --profile $profile --target $triple --features "$features"
        for program in "$CARGO_TARGET_DIR/$triple/$profile"/*; do
            wanted "${program##*/}" && cp "$program" "$out/files/$opt/"
        done
    done
    unset RUSTFLAGS CARGO_TARGET_DIR
    for opt in 3 z; do
        for program in floor= floor-syscalls=-DSYSCALLS nothing=-DNOTHING; do
            # shellcheck disable=SC2086 # an option, or none
            cc -O${opt/3/2} -Wall -Werror -static ${program#*=} -o "$out/files/$opt/${program%%=*}" bench/peers/floor.c
        done
    done
}

# Whether this program belongs to this run: an earlier run with more features may have left others.
wanted() {
    case $1 in
    *.d | *.* ) return 1 ;;
    empty | floor-rustix | growth | vidbuf | vidbuf-timeout) [ -x "$program" ] ;;
    linuxvideo | moq-v4l) [[ ,$features, == *,peers,* ]] ;;
    v4l | v4l2r) [[ ,$features, == *,$1,* ]] ;;
    *) return 1 ;;
    esac
}

# v4l and v4l2r make their structures with bindgen. v4l2r wants newer headers than Debian 12 has: those of the newer guest.
choose_features() {
    features=peers
    [ "${LIBCLANG:-yes}" = yes ] || return 0
    if ! ls /usr/lib/llvm-*/lib/libclang.so* >/dev/null 2>&1; then
        [ "$(id -u)" = 0 ] && apt-get -qq update && apt-get -qq install -y --no-install-recommends libclang-dev >&2 ||
            { echo "bench: no libclang: without v4l and v4l2r" >&2; return 0; }
    fi
    features=peers,v4l
    local headers=$out/headers newer
    newer=$(realpath -m "$target/apt/trixie-amd64/apt.conf")
    if [ ! -d "$headers/usr/include" ]; then
        tests/run fetch amd64-6.12
        mkdir -p "$headers"
        (cd "$headers" && apt-get -c "$newer" -qq download linux-libc-dev && dpkg-deb -x linux-libc-dev_*.deb .) ||
            { echo "bench: no newer kernel headers: without v4l2r" >&2; return 0; }
    fi
    export BINDGEN_EXTRA_CLANG_ARGS="-I$headers/usr/include -I$headers/usr/include/x86_64-linux-gnu"
    features=peers,v4l,v4l2r
}

# Size of each program beside the one without a camera.
weigh_programs() {
    local opt program name base
    for opt in 3 z; do
        mkdir -p "$raw/kernel/$opt"
        for program in "$out/files/$opt"/*; do
            name=${program##*/}
            base=empty
            case $name in floor | floor-syscalls) base=nothing ;; esac
            strip -o "$out/stripped" "$program"
            {
                echo "static_bytes $(stat -c %s "$out/stripped")"
                echo "text_added $(($(text "$program") - $(text "$out/files/$opt/$base")))"
            } >"$raw/kernel/$opt/$name.size"
        done
    done
}
text() { size -A "$1" | awk '$1 == ".text" { print $2 }'; }

# Packages that a program gets with each crate, itself included, and with those that only build it.
count_packages() {
    local crate name
    for crate in rustix vidbuf-linux linuxvideo moq-v4l v4l v4l2r; do
        name=$crate
        case $crate in rustix) name=floor-rustix ;; vidbuf-linux) name=vidbuf ;; esac
        echo "$name.packages $(packages "$crate" normal) of $(packages "$crate" normal,build)"
    done
}
packages() {
    cargo tree --locked --manifest-path bench/peers/Cargo.toml --all-features --target $triple --prefix depth --no-dedupe -e "$2" |
        awk -v crate="1$1" '/^1[^0-9]/ { on = $1 == crate } on { sub(/^[0-9]+/, "", $1); seen[$1 $2] = 1 } END { print length(seen) }'
}
