# shellcheck shell=bash
# For the scripts of this folder and for steps: cargo for other processors. Sourced, not run.

repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
fetched=$(cd "$repository" && realpath -m "${CARGO_TARGET_DIR:-target}")/targets
# Programs for other processors are built here, apart: the compiler may be another one.
built=$fetched/built

bare_targets=(thumbv6m-none-eabi thumbv7em-none-eabihf riscv32imac-unknown-none-elf)
linux_targets=(aarch64-unknown-linux-gnu armv7-unknown-linux-gnueabihf)

sysroot=$(cd "$repository" && rustc --print sysroot)
host=$(cd "$repository" && rustc -vV | sed -n 's/^host: //p')

# Whether rustup has installed the target.
has_target() { [ -n "$(ls "$sysroot/lib/rustlib/$1/lib" 2>/dev/null)" ]; }

# cross TARGET CARGO_COMMAND [ARGUMENT]...: cargo for that target, with rustup's target where it is installed, else with the
# compiler that `fetch` brought. No C compiler is needed: rust-lld links.
cross() {
    local target=$1 command=$2 name flags=${CROSS_RUSTFLAGS:-} build_std=()
    shift 2
    name=$(tr a-z- A-Z_ <<<"$target")
    (
        cd "$repository"
        if ! has_target "$target"; then
            export RUSTC=$fetched/compiler/usr/bin/rustc RUSTC_BOOTSTRAP=1
            export LD_LIBRARY_PATH=$fetched/compiler/usr/lib/x86_64-linux-gnu
            case $target in
            *-none-*) build_std=(-Zbuild-std=core) ;;
            armv7-*) build_std=(-Zbuild-std=std,panic_abort) ;;
            esac
        fi
        case $target in
        aarch64-*) flags+=$(static_glibc arm64 aarch64-linux-gnu) ;;
        armv7-*) flags+=$(static_glibc armhf arm-linux-gnueabihf) ;;
        esac
        # A message in a program names no folder of this machine, and is as long on every machine.
        flags+=" --remap-path-prefix=$repository=. --remap-path-prefix=$HOME=~ --remap-path-prefix=$fetched=~"
        export "CARGO_TARGET_${name}_LINKER=$sysroot/lib/rustlib/$host/bin/rust-lld"
        export "CARGO_TARGET_${name}_RUSTFLAGS=$flags"
        export CARGO_TARGET_DIR=$built
        cargo "$command" "${build_std[@]}" --locked --target "$target" "$@"
    )
}

# What makes a static program of glibc without a C compiler: its start files and archives, in the order that a C compiler
# gives them in. `-Z` wants the variable, with any compiler.
static_glibc() {
    local libraries=$fetched/$1/usr/lib/$2 gcc
    gcc=$(echo "$fetched/$1/usr/lib/gcc/$2"/*)
    echo " -Clinker-flavor=ld.lld -Ctarget-feature=+crt-static -Crelocation-model=static" \
        "-Zpre-link-arg=$libraries/crt1.o -Zpre-link-arg=$libraries/crti.o -Zpre-link-arg=$gcc/crtbeginT.o" \
        "-Lnative=$libraries -Lnative=$gcc -Clink-arg=--start-group -Clink-arg=-lgcc -Clink-arg=-lgcc_eh -Clink-arg=-lc" \
        "-Clink-arg=--end-group -Clink-arg=$gcc/crtend.o -Clink-arg=$libraries/crtn.o"
}
