# shellcheck shell=sh disable=SC2154 # the script that reads this sets the variables it names
# OCI image layouts written with tar, gzip, sha256sum and printf: the same files give the same digests.
# Read by `make`; needs $images, $work (a temporary folder), $staging (one on the same file system as $images) and $epoch
# (seconds: the newest time any file carries).
#
# Layers are kept in $images/.layers/NAME/{blob,digest,size,diff_id} so that images share them; a layout links the blobs.

created() { date -u -d "@$epoch" +%Y-%m-%dT%H:%M:%SZ; }

sha256() { sha256sum "$1" | cut -d ' ' -f 1; }

size() { stat -c %s "$1"; }

have_layer() { [ -e "$images/.layers/$1/blob" ]; }

# layer NAME FOLDER: the folder's files, owned by root, become a layer.
layer() {
  tar -c --sort=name --format=pax --pax-option=delete=atime,delete=ctime --numeric-owner --owner=0 --group=0 \
    --mtime="@$epoch" --clamp-mtime -C "$2" . > "$work/$1.tar"
  rm -rf "$2"
  layer_of_tar "$1" "$work/$1.tar"
}

# layer_of_tar NAME TAR: the tar as it is becomes a layer; the file is used up.
layer_of_tar() {
  mkdir -p "$staging/$1.layer"
  printf 'sha256:%s' "$(sha256 "$2")" > "$staging/$1.layer/diff_id"
  gzip -n -3 < "$2" > "$staging/$1.layer/blob"
  rm "$2"
  printf 'sha256:%s' "$(sha256 "$staging/$1.layer/blob")" > "$staging/$1.layer/digest"
  size "$staging/$1.layer/blob" > "$staging/$1.layer/size"
  mkdir -p "$images/.layers"
  mv "$staging/$1.layer" "$images/.layers/$1"
}

# blob LAYOUT FILE: puts the file into the layout and prints its digest.
blob() {
  digest=$(sha256 "$2")
  mkdir -p "$1/blobs/sha256"
  mv "$2" "$1/blobs/sha256/$digest"
  printf 'sha256:%s' "$digest"
}

# Prints a platform of the image specification for one of Debian's architecture names.
platform() {
  case $1 in
    arm64) printf '"architecture":"arm64","os":"linux","variant":"v8"' ;;
    armhf) printf '"architecture":"arm","os":"linux","variant":"v7"' ;;
    i386) printf '"architecture":"386","os":"linux"' ;;
    ppc64el) printf '"architecture":"ppc64le","os":"linux"' ;;
    *) printf '"architecture":"%s","os":"linux"' "$1" ;;
  esac
}

# image LAYOUT ARCH CONFIG NAME…: writes an image of these layers, the lowest first, with CONFIG as the inside of the
# configuration's "config" object; prints the descriptor of its manifest.
image() {
  layout=$1 arch=$2 config=$3
  shift 3
  layers='' diff_ids='' history='' comma=''
  for name in "$@"; do
    from=$images/.layers/$name
    digest=$(cat "$from/digest")
    mkdir -p "$layout/blobs/sha256"
    ln -f "$from/blob" "$layout/blobs/sha256/${digest#sha256:}" 2> "$work/ln" || cp "$from/blob" "$layout/blobs/sha256/${digest#sha256:}"
    layers=$layers$comma'{"mediaType":"application/vnd.oci.image.layer.v1.tar+gzip","digest":"'$digest'","size":'$(cat "$from/size")'}'
    diff_ids=$diff_ids$comma'"'$(cat "$from/diff_id")'"'
    history=$history$comma'{"created":"'$(created)'","created_by":"testdata/images/make: '$name'"}'
    comma=,
  done
  printf '{"created":"%s",%s,"config":{%s},"rootfs":{"type":"layers","diff_ids":[%s]},"history":[%s]}' \
    "$(created)" "$(platform "$arch")" "$config" "$diff_ids" "$history" > "$work/config"
  config_size=$(size "$work/config")
  config_digest=$(blob "$layout" "$work/config")
  printf '{"schemaVersion":2,"mediaType":"%s","config":{"mediaType":"%s","digest":"%s","size":%s},"layers":[%s]}' \
    application/vnd.oci.image.manifest.v1+json application/vnd.oci.image.config.v1+json \
    "$config_digest" "$config_size" "$layers" > "$work/manifest"
  manifest_size=$(size "$work/manifest")
  printf '{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"%s","size":%s,"platform":{%s}}' \
    "$(blob "$layout" "$work/manifest")" "$manifest_size" "$(platform "$arch")"
}

# index LAYOUT DESCRIPTOR…: writes an image index of these manifests and prints its descriptor.
index() {
  layout=$1
  shift
  manifests=$(IFS=, && printf '%s' "$*")
  printf '{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[%s]}' "$manifests" > "$work/index"
  index_size=$(size "$work/index")
  printf '{"mediaType":"application/vnd.oci.image.index.v1+json","digest":"%s","size":%s}' "$(blob "$layout" "$work/index")" "$index_size"
}

# finish LAYOUT DESCRIPTOR NAME:TAG…: names the image and moves the finished layout into place.
finish() {
  layout=$1 descriptor=${2%\}}
  shift 2
  manifests='' comma=''
  for tag in "$@"; do
    case $tag in
      */*) full=docker.io/$tag ;;
      *) full=docker.io/library/$tag ;;
    esac
    manifests=$manifests$comma$descriptor',"annotations":{"io.containerd.image.name":"'$full'","org.opencontainers.image.ref.name":"'${tag##*:}'"}}'
    comma=,
  done
  printf '{"imageLayoutVersion":"1.0.0"}' > "$layout/oci-layout"
  printf '{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[%s]}' "$manifests" > "$layout/index.json"
  mv "$layout" "$images/${layout##*/}"
}
