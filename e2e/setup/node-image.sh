#!/usr/bin/env bash
# Makes the disk that both nodes start from, OUT/root.img: the base with Kubernetes, containerd, this
# folder's guest files, and the images that tests use already imported.
# usage: node-image.sh BASE KUBERNETES CONTAINERD RUNTIME PUBLIC_KEY OUT
set -euo pipefail
here=$(dirname "$(realpath "$0")")
# shellcheck source=../../deploy/runtime/lib.sh
source "$here/../../deploy/runtime/lib.sh"

[[ $# -eq 6 ]] || die "usage: node-image.sh BASE KUBERNETES CONTAINERD RUNTIME PUBLIC_KEY OUT"
base=$1 kubernetes=$2 containerd=$3 runtime=$4 public_key=$5 out=$6
mkdir -p "$out"
work=$(mktemp -d "$out/work.XXXXXX")
root=$work/root

add_programs() {
  local name
  install -t "$root/usr/local/bin" "$kubernetes/testbed" "$containerd"/{containerd,containerd-shim-runc-v2,ctr}
  for name in kubelet kube-proxy kubectl; do ln -s testbed "$root/usr/local/bin/$name"; done
  for name in init reboot poweroff halt; do ln -sfn ../bin/busybox "$root/usr/sbin/$name"; done
}

add_guest() {
  # In the package it is a link to the run levels of an init that is not used here.
  rm -rf "${root:?}/etc/service"
  cp -r "$here"/guest/{etc,root} "$root/"
  mkdir -p "$root"/{share,etc/cni,etc/cdi,etc/dropbear,var/lib/kubelet,root/.ssh}
  install -m 600 "$public_key" "$root/root/.ssh/authorized_keys"
  chmod 700 "$root/root" "$root/root/.ssh"
  # One host key for all nodes, made here: a key made at the first start costs seconds under emulation.
  chroot "$root" dropbearkey -t ed25519 -f /etc/dropbear/host_key
  # Debootstrap copied this machine's.
  printf 'nameserver 10.77.0.1\n' > "$root/etc/resolv.conf"
  rm -f "$root/etc/hostname"
}

add_images() {
  mkdir -p "$work/pause"
  gcc -static -Os -s -o "$work/pause/pause" "$here/pause.c"
  docker_archive "$work/pause" "$work/pause.tar" localhost/pause:1 '{"Entrypoint":["/pause"]}'
  "$here/tools-image.sh" "$root" "$work/tools.tar"
  "$here/preload.sh" "$root" "$containerd" "$work/pause.tar" "$work/tools.tar" "$runtime/runtime.tar"
}

mkdir "$root"
tar --numeric-owner --xattrs -C "$root" -xf "$base/root.tar"
add_programs
add_guest
add_images
mke2fs -q -F -t ext4 -d "$root" "$out/root.img" 6G
rm -rf "$work"
