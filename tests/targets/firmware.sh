#!/bin/sh
# Runs in a guest: the program without std and without libc takes a hundred frames; what it costs goes to /out/results.
strace=$(command -v strace || echo ./strace)
fail() { echo "FAILED: $*"; echo "0 passed, 1 failed"; exit 1; }

firmware "$VIVID_CAP" 100 >/tmp/line || fail "firmware: status $?, $(cat /tmp/line)"
cat /tmp/line
grep -q '^100 frames, [0-9]* lost, 0 bad' /tmp/line || fail "firmware: not a hundred frames"

# From opening the device to the first frame, both counted. Numbers instead of names: DQBUF ends in 5611, whatever its size.
"$strace" -e raw=ioctl -o /tmp/trace firmware "$VIVID_CAP" 1 >/dev/null || fail "firmware under strace"
calls=$(awk '/^open.*\/dev\/video/ { on = 1 } on { n++ } on && /^ioctl\(0x[0-9a-f]*, 0xc0[0-9a-f]*5611, .* = 0/ { print n; exit }' /tmp/trace)
allocations=$(grep -cE '^brk|MAP_ANONYMOUS' /tmp/trace)
[ -n "$calls" ] || { cat /tmp/trace; fail "firmware: no first frame in the trace"; }

# Stopped on its way out, after it has printed its line, for as long as its memory is looked at.
memory() {
    rm -f /tmp/line
    : >/tmp/line
    "$strace" -qq -o /dev/null -e trace=exit_group -e inject=exit_group:delay_enter=5000000 firmware "$VIVID_CAP" 1 >/tmp/line &
    tries=400
    until [ -s /tmp/line ]; do
        tries=$((tries - 1))
        [ $tries -gt 0 ] || return 1
        usleep 50000
    done
    awk '/^Anonymous:/ { n += $2 } END { print n * 1024 }' "/proc/$(pidof firmware)/smaps"
    kill "$(pidof firmware)" 2>/dev/null
    wait
}

# The kernel begins a stack anywhere in two pages: a program that touches little touches one page more or less, by where. What
# counts is the usual case, half of the runs.
for run in 1 2 3 4 5 6 7; do memory || fail "firmware: no line"; done | sort -n >/tmp/memories
[ "$(wc -l </tmp/memories)" = 7 ] || fail "firmware: its memory was not seen"
echo "private memory at exit, of 7 runs: $(head -n 1 /tmp/memories) to $(tail -n 1 /tmp/memories) bytes"
memory=$(sed -n 4p /tmp/memories)
[ "$memory" -gt 0 ] || fail "firmware: its memory was not seen"

{
    echo "syscalls $calls"
    echo "allocations $allocations"
    echo "ram $memory"
} | tee /out/results
echo "1 passed, 0 failed"
