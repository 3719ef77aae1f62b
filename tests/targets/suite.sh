#!/bin/sh
# Runs in a guest with another processor: the contract, a hundred frames, pictures, counts. Prints `N passed, M failed` for each
# part; what the table wants to know goes to /out/results.
status=0
part() {
    if "$@"; then echo "1 passed, 0 failed"; else echo "FAILED: $*"; echo "0 passed, 1 failed"; status=1; fi
}
nodes="$VIVID_CAP $VIVID_CAP_MPLANE $VIVID_OUT $VIVID_OUT_MPLANE"

uname -srm
page=$(sed -n 's/^KernelPageSize: *\([0-9]*\) kB/\1/p' /proc/self/smaps | head -n 1)
echo "pages of $page KiB"
part test "$page" = "$1"

# shellcheck disable=SC2086 # a list of nodes
contract $nodes || status=1

# Every byte of every frame is there; nothing is allocated. None is lost: a guest's time is
# counted in its own instructions.
hundred() {
    lifecycle "$1" 100 30 | tee /tmp/lifecycle
    grep -q '^100 of 100 frames, 0 lost, 0 allocations$' /tmp/lifecycle
}
part hundred "$VIVID_CAP"
part hundred "$VIVID_CAP_MPLANE"
part capture --device "$VIVID_CAP" --size 640x360 --frames 100 --output /out/single
part capture --device "$VIVID_CAP_MPLANE" --size 640x360 --frames 100 --timeout 5000 --output /out/multi

# As on a kernel before 5.6, which knows only the buffers with 32-bit time.
if [ "$(uname -m)" = armv7l ]; then
    echo "32-bit time:"
    # shellcheck disable=SC2086
    old_kernel contract $nodes || status=1
    part old_kernel capture --device "$VIVID_CAP" --size 640x360 --frames 30 --output /out/old
fi

# Standard error is the log; the host decodes it.
[ ! -e logging ] || part logging "$VIVID_CAP" 2>/out/frames

sh ./firmware.sh || status=1
exit $status
