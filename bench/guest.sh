#!/bin/sh
# Runs in the guest: every program of the folders 3 and z, seen by strace, by callgrind, by the clock. See bench/run.
# usage: guest.sh SHORT LONG
short=$1 long=$2
status=0

cameras="" planes=$VIVID_CAP_MPLANE
for entry in /sys/class/video4linux/*; do
    node=/dev/${entry##*/}
    [ "$node" = "$planes" ] || cameras="$cameras $node"
done

# Runs a command, and prints how it failed.
seen() {
    "$@" || { echo "FAILED with status $?: $*"; status=1; }
}
callgrind() {
    seen valgrind -q --tool=callgrind --dump-before=mark --combine-dumps=yes --callgrind-out-file="$1.callgrind" \
        "$2" $3 >"$1.said"
}
traced() {
    seen strace -f -o "$1.strace" "$2" $3 >/dev/null
}

# A program that waits for the end of its input stands still while its memory is looked at.
memory() {
    rm -f /tmp/in /tmp/said
    mkfifo /tmp/in /tmp/said
    "$2" "$VIVID_CAP" 1 "$short" wait </tmp/in >/tmp/said &
    process=$!
    exec 3>/tmp/in
    while read -r line; do
        [ "$line" != waiting ] || { cat /proc/$process/smaps >"$1.smaps"; exec 3>&-; }
    done </tmp/said
    exec 3>&-
    wait $process || { echo "FAILED: $2 while its memory was looked at"; status=1; }
}

for opt in 3 z; do
    mkdir -p /out/$opt
    # First, because it has all cameras make 60 frames a second.
    callgrind /out/$opt/growth $opt/growth "$short $long $planes $cameras"
done
traced /out/3/growth 3/growth "$short $long $planes $cameras"

for opt in 3 z; do
    for program in $opt/*; do
        name=${program#*/}
        [ "$name" != growth ] || continue
        callgrind /out/$program $program "$VIVID_CAP $short $long"
        case $name in empty | nothing) continue ;; esac
        traced /out/$program $program "$VIVID_CAP $short $long"
        memory /out/$program $program
    done
done

# In turns, so that whatever changes meanwhile changes for all.
for round in 1 2 3; do
    for program in [3z]/*; do
        case ${program#*/} in growth | empty | nothing) continue ;; esac
        $program "$VIVID_CAP" "$short" "$long" | sed -n 's/^nanoseconds //p' >>/out/$program.time
    done
done
exit $status
