# shellcheck shell=bash disable=SC2154
# Packs what the guest sees as its root file system into $work/initramfs. Read by `boot`.

pack_initramfs() {
  local root=$work/root guest=$guests/$kind
  mkdir -p "$root/t"
  install -m 755 "$here/init" "$guest/busybox" "$root/"
  cp -r "$guest/modules" "$root/modules"
  cp -rLp "$files/." "$root/t/"
  {
    echo "vivid_parameters=$(quote "$vivid_parameters")"
    [ -z "$out" ] || echo "want_files=yes"
  } >"$root/settings"
  echo "exec$(quote_all "${command[@]}")" >"$root/command"
  local program
  for program in "${programs[@]}"; do pack_program "$program"; done
  pack_libraries_of_files
  chmod -R u+rwX,go+rX "$root"
  # Not compressed: the emulated processor would need longer to unpack it than this one to pack.
  (cd "$root" && find . -print0 | cpio --quiet --null -o -H newc -R 0:0) >"$work/initramfs"
  rm -rf "$root"
}

quote() { printf "'%s'" "${1//\'/\'\\\'\'}"; }
quote_all() { local word; for word in "$@"; do printf ' %s' "$(quote "$word")"; done; }

# A program of this machine with all that it loads.
pack_program() {
  local name=$1 package=$1 path
  native || die "--with $name: this machine's programs do not run on $arch"
  case $name in
    */*) [ -x "$name" ] || die "--with $name: no such program" ;;
    v4l2-*) package=v4l-utils ;;
  esac
  need_tools "$name=$package"
  path=$(command -v "$name")
  mkdir -p "$root/usr/bin"
  cp -L "$path" "$root/usr/bin/${name##*/}"
  pack_libraries "$path"
  [ "$name" != valgrind ] || pack_valgrind
}

native() { [ "$arch" = "$(dpkg --print-architecture)" ]; }

# The command is a script around the program, the tools are programs of their own, and memcheck
# wants the symbols of loader and C library, which lie under their build id.
pack_valgrind() {
  local tools=/usr/libexec/valgrind library id symbols
  mkdir -p "$root$tools"
  cp "$tools"/*-amd64-linux* "$tools"/default.supp "$root$tools/"
  cp /usr/bin/valgrind.bin "$root/usr/bin/"
  pack_libraries /usr/bin/valgrind.bin
  for library in /lib64/ld-linux-x86-64.so.2 /lib/x86_64-linux-gnu/libc.so.6; do
    id=$(od -An -v -tx1 -N4096 "$library" | tr -d ' \n' | sed -nE 's/.*040000001400000003000000474e5500(.{40}).*/\1/p')
    symbols=/usr/lib/debug/.build-id/${id:0:2}/${id:2}.debug
    need_tools "$symbols=libc6-dbg"
    [ -f "$symbols" ] || die "valgrind wants the symbols of the C library: install libc6-dbg in the version of libc6"
    mkdir -p "$root${symbols%/*}"
    cp "$symbols" "$root$symbols"
  done
}

# The libraries of a program of this machine, at the places they have here.
pack_libraries() {
  local lines
  lines=$(ldd "$1" 2>/dev/null) || return 0 # static, or no program
  [[ $lines != *"not found"* ]] || die "$1 wants libraries that are not on this machine: $lines"
  awk '$2 == "=>" { print $3 } $1 ~ /^\// { print $1 }' <<<"$lines" |
    xargs -r -d '\n' cp -L --parents -t "$root"
}

# Programs of another processor get the C library that was fetched with its kernel.
pack_libraries_of_files() {
  local file
  while read -r -d '' file; do
    if native; then
      pack_libraries "$file"
    else
      cp -rT "$guests/$kind/lib" "$root/lib"
      return
    fi
  done < <(find "$root/t" -type f -exec grep -qaF /ld-linux {} \; -print0)
}
