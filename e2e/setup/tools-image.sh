#!/usr/bin/env bash
# Makes the image that tests run RDMA traffic from: perftest, the verbs programs and a shell, taken out of
# a node's root, so that programs and drivers are of one version with the node's.
# usage: tools-image.sh NODE_ROOT ARCHIVE
set -euo pipefail
here=$(dirname "$(realpath "$0")")
# shellcheck source=../../deploy/runtime/lib.sh
source "$here/../../deploy/runtime/lib.sh"

node=$(realpath "$1")
archive=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
root=$work/root
merged_usr "$root"
mkdir -p "$root"/{etc,tmp,proc,sys,dev,usr/lib/x86_64-linux-gnu}

files=(/usr/bin/busybox /usr/lib64/ld-linux-x86-64.so.2 /usr/bin/ibv_devinfo /usr/bin/ibv_devices /usr/bin/ibv_rc_pingpong
  /usr/bin/flock)
for file in "$node"/usr/bin/{ib,raw}_*_{bw,lat} "$node"/usr/lib/x86_64-linux-gnu/libibverbs/*; do files+=("${file#"$node"}"); done

# What the loader would load for them, by the names it looks for.
libraries() {
  local file
  for file in "${files[@]}"; do
    chroot "$node" /lib64/ld-linux-x86-64.so.2 --list "$file" 2> /dev/null | awk '$2 == "=>" { print $3 }' || true
  done | sort -u
}

mapfile -t needed < <(libraries)
for file in "${files[@]}" "${needed[@]}"; do
  mkdir -p "$root/$(dirname "$file")"
  cp -L "$node$file" "$root$file"
done
cp -a "$node/etc/libibverbs.d" "$root/etc/"
chroot "$root" /usr/bin/busybox --install -s /usr/bin
cp "$node/etc/nsswitch.conf" "$root/etc/"
printf 'root:x:0:0:root:/:/bin/sh\n' > "$root/etc/passwd"
printf 'root:x:0:\n' > "$root/etc/group"
check_libraries "$root"
docker_archive "$root" "$archive" localhost/rdma-tools:1 \
  '{"Env":["PATH=/usr/sbin:/usr/bin:/sbin:/bin"],"Cmd":["sh"]}'
