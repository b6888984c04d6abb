# shellcheck shell=sh
# find_jdk TOOL sets jdk to the home of the first Java 25 or newer that has bin/TOOL, and java to its version, or
# fails; JBUILD_JAVA_HOME, if set, is the only one considered. It runs on every start of jbuild, so it starts no process before the last
# resort, the PATH.

find_jdk() {
  if [ -n "${JBUILD_JAVA_HOME:-}" ]; then
    jdk=$JBUILD_JAVA_HOME
    is_jdk25 "$1"
    return
  fi
  for jdk in "${JAVA_HOME:-}" /usr/lib/jvm/*25* /usr/lib/jvm/*2[6-9]* \
    "${HOME:-/nonexistent}"/.sdkman/candidates/java/2[5-9]* /opt/java/* /opt/jdk*; do
    ! is_jdk25 "$1" || return 0
  done
  jdk=$(readlink -f -- "$(command -v "$1")") && jdk=${jdk%/bin/*} && is_jdk25 "$1"
}

is_jdk25() {
  [ -n "$jdk" ] && [ -x "$jdk/bin/$1" ] && [ -r "$jdk/release" ] || return 1
  while IFS='="' read -r key _ java _; do
    [ "$key" != JAVA_VERSION ] || break
  done <"$jdk/release"
  case $key$java in
    JAVA_VERSION2[5-9]* | JAVA_VERSION[3-9][0-9]*) return 0 ;;
  esac
  return 1
}

no_jdk() {
  if [ -n "${JBUILD_JAVA_HOME:-}" ]; then
    echo "jbuild: JBUILD_JAVA_HOME=$JBUILD_JAVA_HOME is not a JDK 25 or newer; unset it or set it to one" >&2
    return
  fi
  echo "jbuild needs a JDK 25: install one (for example Eclipse Temurin, package temurin-25-jdk) or set JAVA_HOME to it" >&2
}
