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
# The jar of Main first: a jar is opened only if a class was not in those before it.
class_path=
for jar in "$home"/lib/*.jar; do
  case $jar in
    */lib/jbuild-cli-*) class_path=$jar$class_path ;;
    *) class_path=$class_path:$jar ;;
  esac
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
  filter=0
  while read -r key value _; do
    case $key in
      CapEff:) capabilities=$((0x$value)) ;;
      Seccomp:)
        filter=$value
        break
        ;;
    esac
  done </proc/self/status
  if ! command -v unshare >/dev/null; then
    namespace=none
  elif [ $((capabilities & 0x200000)) -ne 0 ] && may_unshare; then # CAP_SYS_ADMIN
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

# Whether who has the capability may use it, which a container's filters can refuse. It is tried only inside one.
may_unshare() {
  confined=
  read -r confined 2>/dev/null </proc/self/attr/current || :
  case $filter$confined in
    0 | 0unconfined*) ;;
    *) unshare --mount --propagation private true 2>/dev/null ;;
  esac
}

# What kind of start it is:
# bare    a few lines of text. No AOT cache: it costs more than the dozen classes it would save.
# quick   reads the store, mounts nothing: no namespace, and no C2, whose start costs more than it wins.
# full    everything else.
# train   the run that makes the AOT cache.
case ${1:-} in
  '' | version | --version | -V | help | --help | -h) start=bare ;;
  images | history | inspect | tag) start=quick ;;
  __train) start=train ;;
  *) start=full ;;
esac

aot=
case $start${JBUILD_AOT:-} in
  train* | *off | bare) ;;
  *) find_aot ;;
esac
namespace=outer
case $start in
  full | train) enter_namespace ;;
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

# The cache is used only with the very options it was made with, so these are the same for quick, full and train.
# The JVM's complaints about a cache that does not fit would go to stdout, where a build may be writing its image.
case $start in
  bare) set -- -Xint -cp "$class_path" dev.jbuild.cli.Main "$@" ;;
  train) set -- "-XX:AOTCacheOutput=$2" -cp "$class_path" dev.jbuild.cli.Main __train ;;
  quick) set -- -XX:TieredStopAtLevel=1 ${aot:+"-XX:AOTCache=$aot"} -cp "$class_path" dev.jbuild.cli.Main "$@" ;;
  full) set -- ${aot:+"-XX:AOTCache=$aot"} -cp "$class_path" dev.jbuild.cli.Main "$@" ;;
esac
set -f
# shellcheck disable=SC2086 # options are words
set -- ${JBUILD_JAVA_OPTS:-} "$@"
if [ "$start" != bare ]; then
  set -- --enable-native-access=ALL-UNNAMED "-Djbuild.namespace=$namespace" "$@"
  case $java in
    # Read the cache where it lies in the file instead of moving it to a random address: 6 ms.
    25*) set -- -XX:+UnlockDiagnosticVMOptions -XX:ArchiveRelocationMode=0 "$@" ;;
  esac
fi
# A heap that begins at a share of the machine's memory keeps up to 100 MB of dead buffers resident, for no time won; and
# blocks on their way through a compressor shall die young: room for them is what the survivors' ratio makes.
set -- "$jdk/bin/java" -XX:+UseSerialGC -XX:-UsePerfData -Xms64m -Xmn32m -XX:SurvivorRatio=2 -Xmx512m \
  -Xlog:disable '-Xlog:all=error,aot*=off,cds*=off:stderr' "-XX:ErrorFile=${TMPDIR:-/tmp}/jbuild-crash-%p.log" "$@"
case $namespace in
  mount) exec unshare --mount --propagation private -- "$@" ;;
  user) exec unshare --user --map-root-user --map-auto --mount --propagation private -- "$@" ;;
  user-single) exec unshare --user --map-root-user --mount --propagation private -- "$@" ;;
  *) exec "$@" ;;
esac
