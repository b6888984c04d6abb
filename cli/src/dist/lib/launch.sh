# shellcheck shell=sh disable=SC2154 # home is the caller's
# Sourced with `home` set to the installation and the user's arguments as "$@": becomes the JVM.
# Every process started here costs a millisecond or two of every command, so there is one (stat), and the
# signals sent to this process reach the JVM because it is this process.

# shellcheck source=cli/src/dist/lib/jdk.sh
. "$home/lib/jdk.sh"
find_jdk java || {
  no_jdk
  exit 69
}
case $home in
  *:*)
    echo "jbuild: cannot run from $home: Java splits its class path at ':'; install jbuild elsewhere" >&2
    exit 69
    ;;
esac
class_path=
for jar in "$home"/lib/*.jar; do
  class_path=${class_path:+$class_path:}$jar
done

# An AOT cache made from other jars would run their classes without a word, so its name holds the digest of the
# build and a sum over the sizes and times of the jars and of the JDK's own classes.
name_aot() {
  read -r aot_name <"$home/lib/digest" || return 1
  sum=0
  for number in $(cd "$home/lib" && exec stat -L -c '%s %Y' -- *.jar "$jdk/lib/modules"); do
    sum=$(((sum * 65599 + number) % 70368744177643))
  done
  [ "$sum" -gt 0 ] && aot_name=jbuild-$aot_name-$sum.aot
}

# Sets aot to the cache to use, and trains one if there is none: out of the way of the user's command.
find_aot() {
  name_aot 2>/dev/null || return 0
  beside=$home/aot
  if [ -s "$beside/$aot_name" ] && [ -r "$beside/$aot_name" ]; then
    aot=$beside/$aot_name
    return 0
  fi
  own=${XDG_CACHE_HOME:-${HOME:+$HOME/.cache}}
  case $own in
    /*) own=$own/jbuild ;;
    *) own= ;;
  esac
  # Not a cache that somebody else could have put there.
  if [ -n "$own" ] && [ -s "$own/$aot_name" ] && [ -O "$own/$aot_name" ]; then
    aot=$own/$aot_name
    return 0
  fi
  if [ -O "$home" ] && [ -w "$home" ]; then
    own=$beside
  elif [ -z "$own" ]; then
    return 0
  fi
  [ ! -e "$own/$aot_name.failed" ] || return 0
  case ${JBUILD_AOT:-} in
    wait)
      sh "$home/lib/train.sh" "$home" "$own/$aot_name"
      [ ! -s "$own/$aot_name" ] || aot=$own/$aot_name
      ;;
    *) (sh "$home/lib/train.sh" "$home" "$own/$aot_name" background &) ;;
  esac
}

# Mounts made in a namespace of one's own vanish with the process, whatever ends it. It is entered here and not
# in the JVM because the threads that a JVM starts before main, the one of the shutdown hooks among them, would
# stay outside, and because a process with threads may not enter a user namespace at all.
enter_namespace() {
  capabilities=0
  while read -r key value _; do
    if [ "$key" = CapEff: ]; then
      capabilities=$((0x$value))
      break
    fi
  done </proc/self/status
  if ! command -v unshare >/dev/null; then
    namespace=none
  elif [ $((capabilities & 0x200000)) -ne 0 ]; then # CAP_SYS_ADMIN
    namespace=mount
  elif command -v newuidmap >/dev/null \
    && unshare --user --map-root-user --map-auto --mount true 2>/dev/null; then
    namespace=user
  elif unshare --user --map-root-user --mount true 2>/dev/null; then
    namespace=user-single
  else
    namespace=none
  fi
}

aot=
case ${1:-} in
  __train) ;;
  *) [ "${JBUILD_AOT:-}" = off ] || find_aot ;;
esac

# Commands that mount nothing start sooner without a namespace and without C2, which hashes ten times as fast but
# takes 15 ms to come up.
namespace=outer
quick=-XX:TieredStopAtLevel=1
case ${1:-} in
  '' | -* | version | help | images | history | inspect | tag) ;;
  *)
    quick=
    enter_namespace
    ;;
esac

# A JVM in a locale without UTF-8 cannot name a file outside ASCII.
case ${LC_ALL:-${LC_CTYPE:-${LANG:-}}} in
  *[Uu][Tt][Ff]-8* | *[Uu][Tt][Ff]8*) ;;
  *)
    [ -z "${LC_ALL:-}" ] || export LC_ALL=C.UTF-8
    export LC_CTYPE=C.UTF-8
    ;;
esac
# Meant for other Java programs; what they say would conflict with the options below and be announced on stderr.
unset JAVA_TOOL_OPTIONS JDK_JAVA_OPTIONS _JAVA_OPTIONS

# The cache is used only with the very options it was made with, hence one list for both. The JVM's complaints
# about a cache that does not fit would go to stdout, where a build may be writing its image.
case ${1:-} in
  __train) set -- "-XX:AOTCacheOutput=$2" -cp "$class_path" dev.jbuild.cli.Main __train ;;
  *) set -- ${aot:+"-XX:AOTCache=$aot"} -cp "$class_path" dev.jbuild.cli.Main "$@" ;;
esac
set -f
# shellcheck disable=SC2086 # options are words
set -- "$jdk/bin/java" -XX:+UseSerialGC -XX:-UsePerfData -Xmx512m \
  -Xlog:disable '-Xlog:all=error,aot*=off,cds*=off:stderr' \
  "-XX:ErrorFile=${TMPDIR:-/tmp}/jbuild-crash-%p.log" --enable-native-access=ALL-UNNAMED "-Djbuild.namespace=$namespace" $quick ${JBUILD_JAVA_OPTS:-} "$@"
case $namespace in
  mount) exec unshare --mount --propagation private -- "$@" ;;
  user) exec unshare --user --map-root-user --map-auto --mount --propagation private -- "$@" ;;
  user-single) exec unshare --user --map-root-user --mount --propagation private -- "$@" ;;
  *) exec "$@" ;;
esac
