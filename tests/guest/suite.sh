#!/bin/sh
# Runs in the guest: contract, capture example, counts. Prints `N passed, M failed` for each part.
status=0
part() {
    if "$@"; then echo "1 passed, 0 failed"; else echo "FAILED: $*"; echo "0 passed, 1 failed"; status=1; fi
}

# System calls of the given name that 100 frames more cost, from two traced runs.
calls_for_100() {
    for frames in 100 200; do
        strace -f -c -o "/tmp/$frames" lifecycle "$2" $frames 60 $3 >/dev/null || return 1
    done
    awk -v call="$1" '$NF ~ "^p?" call "$" { n[FILENAME] += $4 } END { print n["/tmp/200"] - n["/tmp/100"] }' /tmp/100 /tmp/200
}

# Two system calls a frame when blocking; one more, a poll, with a time-out.
frame_costs() {
    for node in "$VIVID_CAP" "$VIVID_CAP_MPLANE"; do
        blocking="$(calls_for_100 ioctl "$node") ioctl $(calls_for_100 poll "$node") poll"
        timed="$(calls_for_100 ioctl "$node" 1000) ioctl $(calls_for_100 poll "$node" 1000) poll"
        echo "$node: 100 frames cost, blocking: $blocking; with a time-out: $timed"
        [ "$blocking" = "200 ioctl 0 poll" ] && [ "$timed" = "200 ioctl 100 poll" ] || return 1
    done
}

# Every frame of an unloaded run, no gap in the sequence, no allocation. The processor is emulated: when the machine under it
# is busy the driver itself is late and counts frames as lost, so a run with a gap is made again, at most four times.
all_frames() {
    for try in 1 2 3 4 5; do
        lifecycle "$@" | tee /tmp/lifecycle
        grep -q "^$2 of $2 frames, 0 lost, 0 allocations$" /tmp/lifecycle && return 0
        grep -q "^$2 of $2 frames, [0-9]* lost, 0 allocations$" /tmp/lifecycle || return 1
    done
    return 1
}

uname -srm
contract "$VIVID_CAP" "$VIVID_CAP_MPLANE" "$VIVID_OUT" "$VIVID_OUT_MPLANE" || status=1
# What the backend says to the kernel, call by call; a test that finds no node says SKIPPED, which is a failure here.
backend_tests() {
    vivid --nocapture --test-threads=1 >/tmp/vivid 2>&1
    result=$?
    cat /tmp/vivid
    [ $result = 0 ] && ! grep -q SKIPPED /tmp/vivid
}
part all_frames "$VIVID_CAP" 200 10
part all_frames "$VIVID_CAP_MPLANE" 200 10
part all_frames "$VIVID_CAP" 200 10 1000
command -v strace >/dev/null && part frame_costs
part capture --device "$VIVID_CAP" --size 640x360 --frames 30 --output /out/single
part capture --device "$VIVID_CAP_MPLANE" --size 640x360 --frames 30 --timeout 2000 --output /out/multi
# Records the driver while it drops frames, flags one, fails and disconnects; the host plays it on the simulator. Each fault
# waits for so many frames, not for a time.
recording() {
    v4l2-ctl -d "$VIVID_CAP" -c percentage_of_dropped_buffers=30
    record --device "$VIVID_CAP" --frames 100000 --timeout 30000 >/out/recorded.trace &
    recorder=$!
    frames_then() {
        until [ "$(grep -c ^frame /out/recorded.trace)" -ge "$1" ]; do
            kill -0 $recorder 2>/dev/null || return 1
            usleep 50000
        done
        v4l2-ctl -d "$VIVID_CAP" -c "$2=1"
    }
    frames_then 10 inject_v4l2_buf_flag_error
    frames_then 20 inject_fatal_streaming_error
    frames_then 35 disconnect
    wait $recorder || return 1
    v4l2-ctl -d "$VIVID_CAP" -c percentage_of_dropped_buffers=0
    happened="$(for word in start error unplug; do grep -c "^$word" /out/recorded.trace; done | paste -sd' ')"
    echo "recorded: $(grep -c ^frame /out/recorded.trace) frames, starts, errors and unplugs: $happened"
    [ "$happened" = "2 1 1" ] && grep -q ^lost /out/recorded.trace && grep -q ' flags=0x2041 ' /out/recorded.trace
}
part recording
part sh -c "record --device $VIVID_CAP_MPLANE --frames 20 >/out/recorded-mplane.trace"
# Last, because these tests set controls (brightness) and formats that a node keeps.
backend_tests || { echo "0 passed, 1 failed"; status=1; }
exit $status
