# shellcheck shell=sh disable=SC2154
# What the scripts of this folder ask of a machine: programs, from Debian packages, and a place for base images.
# The script that reads this sets $me, its own name for messages.

# Where root's programs are, which other users often lack.
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
export PATH

say() { printf '%s: %s\n' "$me" "$1" >&2; }

die() {
  say "$1"
  exit 1
}

# missing PROGRAM[:PACKAGE]…: prints the packages of the programs that are not here.
missing() {
  for need in "$@"; do
    command -v "${need%:*}" > /dev/null || printf ' %s' "${need#*:}"
  done
}

# can_install: whether this is a Debian machine and we are root.
can_install() { [ -e /etc/debian_version ] && command -v apt-get > /dev/null && [ "$(id -u)" -eq 0 ]; }

# install_missing PROGRAM[:PACKAGE]…: installs the packages of the programs that are not here, and says so.
install_missing() {
  (
    # Two at once: the second waits here, and then finds nothing missing.
    flock 8
    packages=$(missing "$@")
    [ -n "$packages" ] || exit 0
    say "installing from Debian:$packages"
    log=$(mktemp)
    trap 'rm -f "$log"' EXIT
    # shellcheck disable=SC2086 # a list of package names
    apt_install $packages > "$log" 2>&1 || { apt-get update && apt_install $packages; } > "$log" 2>&1 || {
      cat "$log" >&2
      die "apt-get could not install$packages: its messages are above"
    }
    # A registry is wanted for minutes, in the tests; Debian's package would run one for good.
    case $packages in
      *docker-registry*) [ ! -d /run/systemd/system ] || systemctl disable --now docker-registry > "$log" 2>&1 ;;
    esac
  ) 8> /run/lock/jbuild-testdata.lock
}

apt_install() {
  DEBIAN_FRONTEND=noninteractive apt-get -y -q --no-install-recommends -o DPkg::Lock::Timeout=300 install "$@"
}

# Prints the folder of the base images, which every checkout of this user shares.
images_folder() {
  cache=${XDG_CACHE_HOME:-${HOME:-/var/tmp/$(id -un)}/.cache}
  printf '%s' "${JBUILD_TEST_IMAGES:-$cache/jbuild/test-images}"
}
