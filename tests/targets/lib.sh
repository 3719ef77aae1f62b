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
RUST_LLD=$sysroot/lib/rustlib/$host/bin/rust-lld

# Whether rustup has installed the target.
has_target() { [ -n "$(ls "$sysroot/lib/rustlib/$1/lib" 2>/dev/null)" ]; }

# cross TARGET CARGO_COMMAND [ARGUMENT]...: cargo for that target, with rustup's target where it is installed, else with the
# compiler that `fetch` brought. No C compiler is needed: rust-lld links. With `std=core` before it, for a program without std.
cross() {
    local target=$1 command=$2 name flags="" build_std=() linker
    shift 2
    name=$(tr a-z- A-Z_ <<<"$target")
    linker=$RUST_LLD
    (
        cd "$repository"
        if ! has_target "$target"; then
            export RUSTC=$fetched/compiler/usr/bin/rustc RUSTC_BOOTSTRAP=1
            export LD_LIBRARY_PATH=$fetched/compiler/usr/lib/x86_64-linux-gnu
            case $target in
            *-none-*) build_std=(-Zbuild-std=core) ;;
            armv7-*) build_std=("-Zbuild-std=${std:-std,panic_abort}") ;;
            esac
        fi
        case $target in
        aarch64-*) linker=$fetched/arm64/ld ;;
        armv7-*) linker=$fetched/armhf/ld ;;
        esac
        case $target in *-linux-*) flags+=" -Clinker-flavor=ld.lld -Ctarget-feature=+crt-static -Crelocation-model=static" ;; esac
        # Atomics that ask the processor at run time want `getauxval` of a C library.
        case $target-${std:-} in aarch64-*-core) flags+=" -Ctarget-feature=-outline-atomics" ;; esac
        # A message in a program names no folder of this machine, and is as long on every machine.
        flags+=" --remap-path-prefix=$repository=. --remap-path-prefix=$HOME=~ --remap-path-prefix=$fetched=~"
        export "CARGO_TARGET_${name}_LINKER=$linker" RUST_LLD
        export "CARGO_TARGET_${name}_RUSTFLAGS=$flags"
        export CARGO_TARGET_DIR=$built
        cargo "$command" "${build_std[@]}" --locked --target "$target" "$@"
    )
}
