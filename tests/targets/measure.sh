# shellcheck shell=bash disable=SC2154
# What a program takes, and where it is written down. Sourced after lib.sh.

results=$fetched/results

# begin_results TARGET: forgets what was measured before.
begin_results() {
    mkdir -p "$results"
    : >"$results/$1"
}

# result TARGET WHAT VALUE...: one line, for `table`.
result() {
    local target=$1 what=$2
    shift 2
    sed -i "/^$what /d" "$results/$target"
    echo "$what $*" >>"$results/$target"
}

# Bytes of a section.
section() { size -A "$1" | awk -v name="$2" '$1 == name { n += $2 } END { print n + 0 }'; }

# Bytes of memory with these rights (`R E`, `RW`) that a program is loaded into, from its headers: its file may have no sections.
loaded() {
    printf '%d' "$(readelf -lW "$1" | awk -v rights="$2" '$1 == "LOAD" && index($0, rights) { size = $6 } END { print size ? size : 0 }')"
}

# Bytes of a program's code that are the lifecycle's and its user's: all but the door to the device (the methods of traits
# that the program itself implements) and what the compiler brings to copy and clear memory.
lifecycle_code() {
    local all other
    all=$(section "$1" .text)
    other=$(nm -S -C --defined-only "$1" |
        awk '$3 ~ /[tT]/ && /<one_queue::[A-Za-z]+ as |compiler_builtins::|__aeabi_| memcpy$| memset$/ { print $1, $2 }' |
        sort -u | while read -r _ size; do echo $((16#$size)); done | awk '{ n += $1 } END { print n + 0 }')
    echo $((all - other))
}

# Bytes of the symbol.
symbol_size() { echo $((16#$(nm -S "$1" | awk -v name="$2" '$4 == name { print $2 }'))); }
