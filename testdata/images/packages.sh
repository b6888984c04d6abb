# shellcheck shell=sh disable=SC2154 # the script that reads this sets the variables it names
# Debian packages without touching the host: each architecture gets an apt of its own in a temporary folder, which
# knows the host's Debian archive and proxy settings, sees nothing as installed and only ever downloads.
# Read by `make`; needs $work (a temporary folder), $suite and die.

# Prints one sources.list line for each Debian archive that this machine uses, with its release name replaced by $suite.
debian_sources() {
  # shellcheck disable=SC1091 # every Debian has this file
  codename=$(. /etc/os-release && printf '%s' "${VERSION_CODENAME:-}")
  keyring=/usr/share/keyrings/debian-archive-keyring.gpg
  [ -r "$keyring" ] || die "these images are made from Debian packages and this machine has no $keyring: run this on Debian"
  # shellcheck disable=SC2016 # apt, not the shell, fills in these names
  apt-get indextargets --no-release-info 'Created-By: Packages' --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' |
    sort -u | while read -r uri release component; do
      [ "$component" = main ] || continue
      case $release in
        "$codename" | "$codename-updates" | "$codename-security")
          printf 'deb [signed-by=%s] %s %s main\n' "$keyring" "$uri" "$suite${release#"$codename"}" ;;
      esac
    done
}

# apt_for ARCH: makes that architecture's apt ready and sets APT_CONFIG to it for the apt commands that follow.
apt_for() {
  apt=$work/apt-$1
  export APT_CONFIG="$apt/apt.conf"
  [ ! -e "$apt/ready" ] || return 0
  mkdir -p "$apt/lists/partial" "$apt/cache/archives/partial"
  : > "$apt/status"
  (unset APT_CONFIG && debian_sources) > "$apt/sources.list"
  [ -s "$apt/sources.list" ] || die "apt knows no Debian archive on this machine: add one to /etc/apt/sources.list"
  {
    # How to reach the archive (proxies, certificates) is the host's business; its hooks and pins stay out.
    (unset APT_CONFIG && apt-config dump Acquire) | grep -E '^Acquire::(http|https|ftp|Check|Retries|ForceIPv)' || true
    cat << CONF
APT::Architecture "$1";
APT::Architectures { "$1"; };
APT::Install-Recommends "false";
APT::Sandbox::User "root";
Acquire::Languages "none";
Dir::State "$apt";
Dir::State::lists "$apt/lists";
Dir::State::status "$apt/status";
Dir::Cache "$apt/cache";
Dir::Etc::SourceList "$apt/sources.list";
Dir::Etc::SourceParts "/dev/null";
Dir::Etc::Parts "/dev/null";
Dir::Etc::Preferences "/dev/null";
Dir::Etc::PreferencesParts "/dev/null";
CONF
  } > "$APT_CONFIG"
  # A mirror in the middle of its own update may lack one list and have the others.
  quietly apt-get -qq update || printf "testdata/images: going on without the package lists for %s that apt cannot read\n" "$1" >&2
  : > "$apt/ready"
}

# have_installed NAME…: lets the current apt believe that these packages are there, so that it leaves them out.
have_installed() {
  for package in "$@"; do
    printf 'Package: %s\nStatus: install ok installed\nArchitecture: all\nMulti-Arch: foreign\nVersion: 1:999\n' "$package"
    printf 'Maintainer: none\nDescription: left out\n\n'
  done >> "$apt/status"
}

# download NAME…: fetches these packages and all they depend on.
download() {
  rm -f "$apt"/cache/archives/*.deb
  quietly apt-get -qq -y --download-only install "$@" || die "apt cannot download $*: check the network, then run this again"
}

# unpack FOLDER [PATTERN…]: unpacks what was downloaded last, leaving out what no test looks at and the files that match
# a pattern.
unpack() {
  folder=$1
  shift
  mkdir -p "$folder"
  : > "$work/excluded"
  for pattern in ./usr/share/doc ./usr/share/man ./usr/share/locale ./usr/share/info ./usr/share/lintian ./usr/share/bug "$@"; do
    printf '%s\n' "$pattern" >> "$work/excluded"
  done
  for deb in "$apt"/cache/archives/*.deb; do
    dpkg-deb --fsys-tarfile "$deb" |
      tar -x -C "$folder" --no-same-owner --keep-directory-symlink --exclude-from="$work/excluded"
  done
}
