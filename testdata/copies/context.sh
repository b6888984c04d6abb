# Fills the current directory with a build context that has one of everything that COPY and ADD treat in its own way.
# Run as root, for the owners in the archives.
umask 022

mkdir -p tree/dir/deep tree/shut tree/empty
printf one >tree/one
printf two >tree/two
printf in >tree/dir/in
printf deep >tree/dir/deep/file
printf secret >tree/shut/secret
ln -s one tree/link
ln -s dir tree/dirlink
ln -s nowhere tree/dangling
ln -s /etc/passwd tree/absolute
ln tree/one tree/twin
ln tree/one tree/dir/twin
mkfifo tree/fifo
chmod 600 tree/two
chmod 755 tree/dir/in
chmod 750 tree
chmod 711 tree/dir
chmod 1777 tree/empty
chmod 700 tree/shut
ln -s tree top
ln -s tree/one file

# What is there before.
mkdir -p there/dir/deep there/twin2
printf old >there/one
printf old >there/dir/in
chmod 700 there/dir
ln -s dir there/tolink
ln -s one there/onelink
ln -s /rows/dest-link-absolute/made there/abs
ln -s ../../../rows/dest-link-up/made there/up

mkdir -p wild/b wild/a/b odd
for name in a.txt b.txt a.md 'sp ace.txt' .hidden; do printf '%s' "$name" >"wild/$name"; done
printf wab >wild/a/b/c.txt
printf wb >wild/b/c.txt
printf wb2 >wild/b/d.md
printf x >'odd/[x].txt'
printf y >odd/x.txt

mkdir etc
printf 'root:x:0:0:root:/root:/bin/sh\napp:x:1000:1001::/:/bin/sh\n' >etc/passwd
printf 'root:x:0:\napp:x:1001:\nweb:x:33:app\n' >etc/group

mkdir -p ign/keep/x ign/drop/keep ign/drop/x
for name in keep/x/1 keep/2 drop/keep/3 drop/x/4 drop/5 6.log 7.txt '#hash' deep.md drop/deep.md; do
  printf '%s' "$name" >"ign/$name"
done
printf '\357\273\277' >.dockerignore
printf '%s\r\n' '# comment' ign/drop '!ign/drop/keep' '  ign/*.log  ' '' '**/deep.md/' /ign/keep/x '#hash' . / \
  Dockerfile .dockerignore >>.dockerignore

mkdir -p t/sub/e two
printf new >t/sub/a
printf x >t/sub/e/x
ln -s a t/sub/l
ln t/sub/a t/sub/h
chown -R -h 7:8 t
chmod 710 t/sub
chmod 4711 t/sub/e/x
touch -d 2002-02-02 t/sub/a t/sub/e/x
tar -C t -cf plain.tar .
gzip -c plain.tar >a.tar.gz
bzip2 -c plain.tar >a.tbz
xz -c plain.tar >a.xz
zstd -q -c plain.tar >a.zst
cp a.tar.gz noext
gzip -c tree/one >text.gz
printf 'not a tar' >fake.tar
: >empty.tar
head -c 10240 /dev/zero >zeros.tar
cp a.tar.gz two/1.tgz
printf plain >two/2.txt
rm -r t

find . -exec touch -h -d '2001-02-03 04:05:06' {} +
