# shellcheck shell=sh disable=SC2154,SC2034 # root, built and home are the caller's
# Sourced by the checkout's jbuild when what was built last, if anything, is older than a source: runs Maven, unpacks
# the distribution it makes to cli/target/run/DIGEST, and sets home to that.
# Processes that still run an earlier build keep its files: a build never writes into one that was published.

build_checkout() {
  # shellcheck source=cli/src/dist/lib/jdk.sh
  . "$root/cli/src/dist/lib/jdk.sh"
  find_jdk javac || {
    no_jdk
    exit 69
  }
  command -v mvn >/dev/null || {
    echo "jbuild: building from source needs Maven 3.8 or newer: install it (package maven)" >&2
    exit 69
  }
  { mkdir -p "$built" && [ -w "$built" ]; } || {
    echo "jbuild: cannot build from source, because $built cannot be written: run jbuild once as the owner" >&2
    exit 69
  }
  # One build at a time; who waited finds it done.
  exec 9>"$built/lock"
  ! command -v flock >/dev/null || flock 9
  if ! find_build; then
    echo "jbuild: building from source, once; this takes about a minute" >&2
    : >"$built/started"
    rm -f "$root"/cli/target/launcher/jbuild-*.tar.gz
    (
      cd "$root" || exit
      JAVA_HOME=$jdk exec mvn -q -B -ntp -Dstyle.color=never -Plauncher -Dmaven.test.skip=true package
    ) >"$built/build.log" 2>&1 </dev/null 9>&- || {
      cat "$built/build.log" >&2
      echo "jbuild: the build failed; to see it again: cd '$root' && mvn -Plauncher -Dmaven.test.skip=true package" >&2
      exit 69
    }
    publish || {
      echo "jbuild: cannot unpack $root/cli/target/launcher/jbuild-*.tar.gz into $built" >&2
      exit 69
    }
  fi
  exec 9>&-
}

# What was edited while Maven ran is newer than `started`, whose time the published build bears.
publish() {
  rm -rf "$built/new"
  mkdir "$built/new" \
    && tar -xzf "$root"/cli/target/launcher/jbuild-*.tar.gz -C "$built/new" --strip-components=1 \
    && read -r digest <"$built/new/lib/digest" || return 1
  previous=
  [ ! -r "$built/current" ] || read -r previous <"$built/current"
  if [ -e "$built/$digest" ]; then
    rm -rf "$built/new"
  else
    mv "$built/new" "$built/$digest" || return 1
  fi
  printf '%s\n' "$digest" >"$built/current.new" \
    && touch -r "$built/started" "$built/current.new" \
    && mv -f "$built/current.new" "$built/current" || return 1
  home=$built/$digest
  for old in "$built"/*/; do
    case ${old%/} in
      */"$digest" | */"${previous:-none}") ;;
      *) rm -rf "$old" ;;
    esac
  done
  # The first command that is run would train a cache anyway, and whoever waited a minute can wait three seconds.
  : "${JBUILD_AOT:=wait}"
}

build_checkout
