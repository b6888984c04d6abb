#!/bin/sh
# train.sh HOME FILE [background]: makes the AOT cache FILE of the installation HOME, unless another process is
# making it. FILE appears complete or not at all; if it cannot be made, FILE.failed says why and nobody tries again.
set -u
home=$1 file=$2
directory=${file%/*}
if [ "${3:-}" = background ]; then
  # Hold nothing of the caller's: a pipe kept open would make it wait for us.
  exec </dev/null >/dev/null 2>&1 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&-
  trap '' HUP INT
  renice -n 19 -p $$
fi
cd /
umask 022
mkdir -p "$directory" 2>/dev/null || exit 0
exec 9>"$directory/.lock" || exit 0
if command -v flock >/dev/null; then
  flock -n 9 || { [ "${3:-}" != background ] && flock 9; } || exit 0
fi
[ ! -s "$file" ] || exit 0

unset JBUILD_JAVA_OPTS
rm -f "$directory"/jbuild-*.aot.tmp*
limit=
! command -v timeout >/dev/null || limit='timeout 120'
# shellcheck disable=SC2086 # two words or none
if $limit sh "$home/bin/jbuild" __train "$file.tmp" </dev/null >"$file.tmp.log" 2>&1 9>&- && [ -s "$file.tmp" ]; then
  mv -f "$file.tmp" "$file"
else
  mv -f "$file.tmp.log" "$file.failed"
fi
rm -f "$file".tmp*
# Caches of earlier builds and other JDKs: three are kept.
# shellcheck disable=SC2012 # the names are our own
cd "$directory" && ls -t -- jbuild-*.aot jbuild-*.failed 2>/dev/null | tail -n +4 | while read -r old; do
  rm -f -- "$old"
done
