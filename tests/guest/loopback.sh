#!/bin/sh
# Runs in the guest: v4l2loopback, whose buffers are not the kernel framework's, and vivid behind a driver made odd by
# odd_driver.c. A check prints one line; what a failed one printed follows it. Ends with `N passed, M failed`.
#
#   loopback.sh VERSION       VERSION: the driver's
passed=0 failed=0
case $1 in
0.12.*)
    # No producer: nodes have no format, or buffers of no bytes. No clock and no frame number. All consumers share buffers.
    format_less=VIDIOC_G_FMT size_less=VIDIOC_QUERYBUF clock=unknown losses=unknown consumers=several
    ;;
*)
    # It invents a format, counts frames, and has one consumer at a time.
    format_less=VIDIOC_STREAMON size_less=VIDIOC_STREAMON clock=monotonic losses=counted consumers=one
    ;;
esac

# check SENTENCE COMMAND...
check() {
    sentence=$1
    shift
    if "$@" >/tmp/printed 2>&1; then
        echo "ok      $sentence"
        passed=$((passed + 1))
    else
        echo "FAILED  $sentence"
        sed 's/^/        /' /tmp/printed
        failed=$((failed + 1))
    fi
}

# Loads the driver anew: nodes without a format, as after a start of the machine. $L is a plain node, which captures and outputs
# at the same time; $X an exclusive one, which does not capture before a producer streams.
load() {
    ! grep -q ^v4l2loopback /proc/modules || rmmod v4l2loopback
    insmod v4l2loopback.ko devices=2 video_nr=40,41 exclusive_caps=0,1 "$@" || exit 1
    L=/dev/video40 X=/dev/video41
    await test -c $X
}

# Waits up to 10 s for a condition that other processes fulfil.
await() {
    tries=1000
    until "$@" >/dev/null 2>&1; do
        tries=$((tries - 1))
        if [ $tries = 0 ]; then
            echo "this never came: $*"
            return 1
        fi
        usleep 10000
    done
}

# The driver tells a node's format while somebody streams to it.
streams() { [ -n "$(cat "$1")" ]; }

# Starts a producer and waits until it streams.
produce() {
    producer "$@" >/tmp/producer 2>&1 &
    producer=$!
    await streams "/sys/class/video4linux/${1##*/}/format"
}
end_producer() {
    kill -KILL $producer
    wait $producer 2>/dev/null
    cat /tmp/producer
}

# The capture example: its status, at most so many seconds of waiting, and what it printed in /tmp/words.
run_capture() {
    rm -rf /tmp/picture
    timeout -s KILL 10 $capture --output /tmp/picture "$@" >/tmp/words 2>&1
    status=$?
    cat /tmp/words
    ! grep -q panicked /tmp/words
}
takes() { run_capture "$@" && [ $status = 0 ] && [ -s /tmp/picture/frame.png ]; }
# refuses PATTERN ARGUMENT...: a status of failure and one line that has PATTERN in it.
refuses() {
    pattern=$1
    shift
    run_capture "$@" && [ $status = 1 ] && tail -n 1 /tmp/words | grep -q "^capture: .*$pattern"
}
# Either it goes on, or it ends in words about a call.
takes_or_tells() { takes "$@" || { [ $status = 1 ] && tail -n 1 /tmp/words | grep -q '^capture: .*VIDIOC_'; }; }
# The same for the library's checks (tests/src/bin/loopback.rs, odd_driver.rs), which end with status 0 or explain themselves.
library() { timeout -s KILL 20 loopback "$@"; }

# library_names CALL NODE: it does not stream, and the error names the call.
library_names() { library refused "$2" && grep -q "$1" /tmp/printed; }

uname -sr
echo "v4l2loopback $1"
capture=capture

load # two buffers, as without parameters
check "no producer, plain node: the example names the call" refuses $format_less --device $L --frames 3 --timeout 1000
check "no producer, plain node: the library names the call" library_names $size_less $L
check "no producer, exclusive node: told that it does not capture" refuses "does not capture" --device $X --frames 3 --timeout 1000
producer $L 0 0 idle >/tmp/producer &
producer=$!
await grep -q idle /tmp/producer
check "a producer that does not stream: the example names the call" refuses $format_less --device $L --frames 3 --timeout 1000
check "a producer that does not stream: the library names the call" library_names VIDIOC_STREAMON $L
end_producer
produce $L 100000 30
check "30 frames of a node with two buffers" takes --device $L --frames 30 --timeout 1000
end_producer

load max_buffers=4
produce $L 100000 30
check "30 frames of a plain node" takes --device $L --frames 30 --timeout 1000
check "30 frames, blocking" takes --device $L --frames 30
check "no bytes are lent; copies are whole frames" library frames-are-copied $L
check "losses are $losses" library losses-are-$losses $L
check "held frames do change" library held-frames-change $L
check "one thread dequeues, others drop the frames" library workers $L
check "four threads dequeue" library dequeuers $L
kill -STOP $producer
check "with the program's consent bytes are lent" library consent $L
end_producer
produce $X 100000 30
check "30 frames of an exclusive node" takes --device $X --frames 30 --timeout 1000
check "another pixel format is refused" refuses "NV12" --device $X --frames 3 --format NV12
end_producer
v4l2-ctl -d $L -c keep_format=1
produce $L 3 1
wait $producer
check "the producer has left: noticed in time" refuses "of 3 frames came" --device $L --frames 3 --timeout 1000
v4l2-ctl -d $L -c keep_format=0

check "vivid lends its bytes" library frames-are-lent "$VIVID_CAP"
check "vivid: one thread dequeues, others drop the frames" library workers "$VIVID_CAP"
check "vivid: four threads dequeue" library dequeuers "$VIVID_CAP"

# Output through the library, seen by another program.
library send $L >/tmp/sender 2>&1 &
sender=$!
await streams /sys/class/video4linux/video40/format
check "another program reads what the library sends" v4l2-ctl -d $L --stream-mmap=4 --stream-count=10 --stream-to=/tmp/seen
check "it reads whole frames in order" library sent /tmp/seen
wait $sender
result=$?
check "the library sends a hundred frames by copying" sh -c "cat /tmp/sender; exit $result"

for mode in short empty odd-times same-time; do
    produce $L 100000 20 $mode
    for frames in 11 12 13; do
        check "$mode: $frames frames" takes --device $L --frames $frames --timeout 1000
    done
    [ $clock = monotonic ] || check "$mode: no latency is made up" grep -q '^latency median *-' /tmp/words
    end_producer
done
produce $X 100000 20 mjpg
check "broken JPEG frames: words, not a panic" refuses "JPEG" --device $X --frames 10 --timeout 1000
end_producer

# The driver frees everybody's buffers when one consumer leaves.
produce $L 100000 10
leaving() {
    rm /tmp/words
    takes_or_tells --device $L --frames 150 --timeout 1000 &
    taker=$!
    await grep -q 320x240 /tmp/words # it has begun
    usleep 300000
    v4l2-ctl -d $L --stream-mmap=4 --stream-count=5
    wait $taker
}
check "another consumer leaves: the example goes on, or ends in words" leaving
recovering() {
    library goes-on $L &
    taker=$!
    await grep -q streams /tmp/printed
    usleep 300000
    v4l2-ctl -d $L --stream-mmap=4 --stream-count=5
    wait $taker && { [ $consumers = one ] || grep -q '^error' /tmp/printed; }
}
check "another consumer leaves: the library recovers" recovering
killing() {
    rm /tmp/words
    takes_or_tells --device $L --frames 150 --timeout 1000 &
    taker=$!
    await grep -q 320x240 /tmp/words
    v4l2-ctl -d $L --stream-mmap=4 &
    other=$!
    usleep 300000
    kill -KILL $other
    wait $taker
}
check "another consumer is killed: the example goes on, or ends in words" killing
v4l2-ctl -d $L --stream-mmap=1 --stream-count=2 >/dev/null 2>&1
# Before 0.15 all buffers are one memory from then on, until everybody has closed the node.
check "another consumer wanted one buffer: the example goes on, or ends in words" \
    takes_or_tells --device $L --frames 30 --timeout 1000
end_producer

# A source that falls silent is noticed in time, whatever signals the program gets.
for us in 0 1000000 400000 100000 1000; do
    produce $L 100000 20
    silent() {
        { usleep 500000; kill -STOP $producer; } &
        export ALARM_US=$us LD_PRELOAD=/t/alarm.so
        refuses "" --device $L --frames 5000 --timeout 500
        result=$?
        unset ALARM_US LD_PRELOAD
        wait $!
        return $result
    }
    check "silent source, a signal every $us us: ends in time" silent
    end_producer
done

# Oddities of other drivers, on vivid.
odd() {
    export ODD=$1 LD_PRELOAD=/t/odd_driver.so
    shift
    "$@"
    result=$?
    unset ODD LD_PRELOAD
    return $result
}
capture=capture-libc
check "two buffers with one cookie: refused, nothing is mapped" odd same-cookie odd_driver same-cookie "$VIVID_CAP"
check "two buffers with one cookie: the example says so" odd same-cookie refuses VIDIOC_QUERYBUF --device "$VIVID_CAP" --frames 3
check "formats without end: listing them ends" odd endless-formats timeout -s KILL 10 odd_driver endless-formats "$VIVID_CAP"
check "formats without end: the example ends" odd endless-formats refuses H264 --device "$VIVID_CAP" --frames 3 --format H264
check "sizes without end: listing them ends" odd endless-sizes timeout -s KILL 10 odd_driver endless-sizes "$VIVID_CAP"
check "names without a NUL are read" odd no-nul odd_driver no-nul "$VIVID_CAP"
check "names without a NUL: the example takes frames" odd no-nul takes --device "$VIVID_CAP" --frames 3
check "a frame interval of 0/0 is read" odd no-rate odd_driver no-rate "$VIVID_CAP"
check "a frame interval of 0/0: the example takes frames" odd no-rate takes --device "$VIVID_CAP" --frames 3

echo "$passed passed, $failed failed"
[ $failed = 0 ]
