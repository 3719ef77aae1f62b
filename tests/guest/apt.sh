# shellcheck shell=bash disable=SC2154
# An apt run with settings and lists of its own, for a guest's release and processor: what is installed on this machine stays
# as it is. Read by `fetch` and `loopback`, after `lib.sh` and `kinds.sh`, with $arch, $suite and $security set.

[ "$(command -v dpkg-deb)" ] || die "this is no Debian machine: the guest is made of Debian's packages, by Debian's tools"

# Fetches the lists of packages into $cache, whose name is $1.
apt_update() {
  cache=$guests/cache/$1
  mkdir -p "$cache/lists/partial" "$cache/archives/partial" "$cache/nothing"
  local mirror keyring=/usr/share/keyrings/debian-archive-keyring.gpg signed=""
  [ ! -r "$keyring" ] || signed="[signed-by=$keyring] "
  find_mirror Debian
  if [ -z "$mirror" ] && [ "$(id -u)" = 0 ]; then # a machine whose lists were never fetched
    retry "could not fetch the package lists of this machine's Debian" apt-get -qq update >&2
    find_mirror Debian
  fi
  [ -n "$mirror" ] || die "this machine's apt knows no Debian mirror yet; run first: apt-get update"
  echo "deb $signed$mirror $suite main" >"$cache/sources.list"
  if [ "$security" = yes ]; then
    find_mirror Debian-Security
    [ -z "$mirror" ] || echo "deb $signed$mirror $suite-security main" >>"$cache/sources.list"
  fi
  cat >"$cache/apt.conf" <<END
APT::Architecture "$arch";
#clear APT::Architectures;
APT::Architectures { "$arch"; };
APT::Sandbox::User "root";
Dir::Etc::sourcelist "$cache/sources.list";
Dir::Etc::sourceparts "/nonexistent";
Dir::State "$cache";
Dir::State::Lists "$cache/lists";
Dir::State::status "/dev/null";
Dir::Cache "$cache";
APT::Update::Error-Mode "any";
#clear APT::Update::Post-Invoke;
END
  retry "could not fetch the package lists of Debian $suite for $arch" apt-get -c "$cache/apt.conf" -qq update
}

# apt_depends PACKAGE PATTERN: the first package that PACKAGE depends on and whose name has PATTERN in it; nothing if there is
# no such package.
apt_depends() {
  { apt-cache -c "$cache/apt.conf" depends "$1" 2>/dev/null || true; } | awk -v want="$2" '/Depends: / && $NF ~ want && !n++ { print $NF }'
}

# apt_download PACKAGE...: leaves the packages in $cache.
apt_download() {
  (
    cd "$cache" # where apt leaves them
    retry "could not fetch the packages $* of Debian $suite for $arch" apt-get -c "$cache/apt.conf" -qq download "$@"
  )
}

# The file that apt has just made sure of; older versions of the package go.
newest() {
  local file # apt names it only where it does not lie yet: ask from an empty folder
  file=$(cd "$cache/nothing" && apt-get -c "$cache/apt.conf" -qq download --print-uris "$1" | awk '{ print $2 }')
  [ -f "$cache/$file" ] || die "the package $1 was downloaded but is not there"
  find "$cache" -maxdepth 1 -name "${1}_*.deb" ! -name "$file" -delete
  echo "$cache/$file"
}

# Sets $mirror to where this machine's own apt gets packages labelled $1.
find_mirror() {
  local format
  # shellcheck disable=SC2016 # apt's own variables, not the shell's
  format='$(LABEL) $(REPO_URI)'
  mirror=$(apt-get indextargets --format "$format" | awk -v label="$1" '$1 == label && !n++ { print $2 }')
}
