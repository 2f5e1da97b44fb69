#!/usr/bin/env bash
# Makes the disk that the nodes of a testbed start from: the node image with an image archive already
# imported, for which a node would emulate its processor for minutes.
# usage: node-disk.sh NODE_IMAGE CONTAINERD_DIR ARCHIVE OUT
set -euo pipefail
here=$(dirname "$(realpath "$0")")
# shellcheck source=../../deploy/runtime/lib.sh
source "$here/../../deploy/runtime/lib.sh"

[[ $# -eq 4 ]] || die "usage: node-disk.sh NODE_IMAGE CONTAINERD_DIR ARCHIVE OUT"
image=$1 containerd=$2 archive=$3 out=$4
partial=$out.partial
root=$(mktemp -d)

finish() {
  ! mountpoint -q "$root" || umount "$root"
  rmdir "$root"
  rm -f "$partial"
}
trap finish EXIT

cp --sparse=always "$image" "$partial"
mount -o loop "$partial" "$root"
"$here/preload.sh" "$root" "$containerd" "$archive"
umount "$root"
mv "$partial" "$out"
