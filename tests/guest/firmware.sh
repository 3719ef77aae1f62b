#!/bin/sh
# Runs in the guest: the firmware example on vivid, and every way in which it can end. Prints `N passed, M failed`.
passed=0 failed=0
check() {
    if "$@"; then
        passed=$((passed + 1))
    else
        echo "FAILED: $*"
        failed=$((failed + 1))
    fi
}

# A run that is fine: all frames, one line, status 0. After each bad one, too: the device is usable again at once.
good() {
    words=$(firmware "$VIVID_CAP" 5) || { echo "status $?: $words"; return 1; }
    echo "$words" | grep -q '^5 frames, [0-9]* lost, 0 bad, the last of [1-9][0-9]* bytes$'
}

# ends STATUS COMMAND...: this status, and one line that says why.
ends() {
    wanted=$1
    shift
    words=$("$@" 2>&1)
    status=$?
    echo "status $status: $words"
    [ $status = "$wanted" ] && [ "$(echo "$words" | wc -l)" = 1 ] && echo "$words" | grep -q '^firmware: ' && good
}

# Starts a run without an end, in $pid, that has the node's buffers mapped, so that others find it busy.
hold() {
    firmware "$VIVID_CAP" 4000000000 >/tmp/held 2>&1 &
    pid=$!
    until grep -q "$VIVID_CAP" /proc/$pid/maps; do
        kill -0 $pid || return 1
        usleep 10000
    done
}

busy() {
    hold || return 1
    words=$(firmware "$VIVID_CAP" 5)
    status=$?
    echo "status $status: $words"
    kill $pid
    wait $pid 2>/dev/null
    [ $status = 5 ] && good
}

# vivid's control "Disconnect": from then on every call is refused with ENODEV, until the last user has closed the node.
unplugged() {
    hold || return 1
    v4l2-ctl -d "$VIVID_CAP" --set-ctrl disconnect=1
    wait $pid
    status=$?
    echo "status $status: $(cat /tmp/held)"
    [ $status = 7 ] && [ "$(cat /tmp/held)" = "firmware: unplugged" ] && good
}

# System calls from open to the first frame, both included.
set_up_calls() {
    strace -o /tmp/calls firmware "$VIVID_CAP" 1 || return 1
    calls=$(sed -n '/^open(/,/VIDIOC_DQBUF/p' /tmp/calls | wc -l)
    echo "$calls system calls from open to the first frame, with 4 buffers; $(wc -l </tmp/calls) in all"
    [ "$calls" -ge 16 ] && [ "$calls" -le 18 ] && [ "$(grep -c VIDIOC_QUERYBUF /tmp/calls)" = 4 ] && ! grep -q brk /tmp/calls
}

# What it alone has in memory when all is done but the line is not out: it waits at a pipe that is full to the last page. Leaves
# /proc/PID/smaps in /tmp/memory.
waiting() {
    dd if=/dev/zero bs=4096 count=16 >&3 2>/dev/null
    firmware "$VIVID_CAP" 5 >&3 &
    pid=$!
    # 1 is write on this processor.
    until grep -q '^1 ' /proc/$pid/syscall; do
        kill -0 $pid || return 1
        usleep 10000
    done
    cat /proc/$pid/smaps >/tmp/memory
    dd bs=4096 count=16 <&3 >/dev/null 2>&1
    wait $pid || return 1
    # What the program said is left in the pipe: as long as before, but for numbers.
    head -n 1 <&3 >/dev/null
    # The pages it has written: stack and data. Those of its file are the page cache's, which on the guest's file system, made
    # of memory, counts them as written, too.
    kib=$(awk '/^Anonymous/ { n += $2 } END { print n }' /tmp/memory)
    file=$(awk '/^[0-9a-f]+-/ { of_file = /\/firmware$/ } /^Rss/ && of_file { n += $2 } END { print n }' /tmp/memory)
}

# All of it is stack. The kernel begins a stack anywhere in two pages, so where it does a program may touch one more or one less;
# the budget is for the usual case, half of the runs.
private_memory() {
    mkfifo /tmp/line
    exec 3<>/tmp/line
    for run in 1 2 3 4 5 6 7 8 9 10 11; do
        waiting || return 1
        echo "$kib"
    done | sort -n >/tmp/runs
    [ "$(wc -l </tmp/runs)" = 11 ] || return 1
    usual=$(sed -n 6p /tmp/runs)
    waiting || return 1
    echo "private memory at exit, of 11 runs: $(head -n 1 /tmp/runs) to $(tail -n 1 /tmp/runs) KiB, usually $usual; beside $file KiB of the program's file"
    [ "$usual" -gt 0 ] && [ "$usual" -le 8 ]
}

v4l2-ctl -d "$VIVID_CAP" --set-fmt-video=width=320,height=180,pixelformat=YUYV
check good
check set_up_calls
check private_memory
check ends 2 firmware "$VIVID_CAP" many
check ends 3 firmware /dev/no-such-node 5
chmod 600 "$VIVID_CAP"
mkdir -p /etc
echo 'nobody:x:65534:65534::/:/bin/sh' >/etc/passwd
check ends 4 su nobody -c "/t/firmware $VIVID_CAP 5"
check busy
check ends 6 firmware /dev/null 5
check ends 6 firmware "$VIVID_OUT" 5
check unplugged
echo "$passed passed, $failed failed"
[ $failed = 0 ]
