# shellcheck shell=bash disable=SC2154
# bench/run profile: vidbuf with its source lines, under callgrind in the guest.

export CARGO_PROFILE_SCALES_DEBUG=line-tables-only RUSTFLAGS=$static
for profile in scales small; do
    opt=3
    [ $profile = scales ] || opt=z
    mkdir -p "$out/files/$opt" "$raw/kernel/$opt"
    cargo build --locked --quiet --manifest-path bench/peers/Cargo.toml --profile $profile --target $triple --bin vidbuf \
        --target-dir "$out/build-profile"
    cp "$out/build-profile/$triple/$profile/vidbuf" "$out/files/$opt/"
done
unset RUSTFLAGS
tests/run guest "$guest" --with valgrind --counted --time-limit 600 --files "$out/files" --out "$raw/kernel" sh -c "
    for opt in 3 z; do
        mkdir -p /out/\$opt
        valgrind -q --tool=callgrind --dump-before=mark --combine-dumps=yes --compress-pos=no \
            --callgrind-out-file=/out/\$opt/vidbuf.callgrind \$opt/vidbuf \$VIVID_CAP $short $long >/out/\$opt/vidbuf.said
    done"
cargo run --locked --quiet -p vidbuf-bench --bin scales -- "$raw" --frames "$short,$long,$few,$many" --profile
