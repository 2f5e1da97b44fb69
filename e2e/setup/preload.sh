#!/usr/bin/env bash
# Imports image archives into a node's containerd before the node exists: a containerd on this machine
# works on the folder that will be the node's. Under emulation in the node the same takes minutes.
# usage: preload.sh ROOT CONTAINERD_DIR ARCHIVE...
set -euo pipefail
here=$(dirname "$(realpath "$0")")
# shellcheck source=../../deploy/runtime/lib.sh
source "$here/../../deploy/runtime/lib.sh"

root=$(realpath "$1")
export PATH=$2:$PATH
shift 2
work=$(mktemp -d)
socket=$work/containerd.sock
pid=

finish() {
  if [[ -n $pid ]]; then
    kill "$pid" 2> /dev/null || true
    wait "$pid" || true
  fi
  rm -rf "$work"
}
trap finish EXIT

# Storing and unpacking needs none of these; CRI and NRI would also use sockets of the machine's own.
cat > "$work/config.toml" <<CONFIG
version = 3
root = '$root/var/lib/containerd'
state = '$work/state'
disabled_plugins = [
  'io.containerd.grpc.v1.cri', 'io.containerd.cri.v1.images', 'io.containerd.cri.v1.runtime',
  'io.containerd.nri.v1.nri', 'io.containerd.podsandbox.controller.v1.podsandbox', 'io.containerd.internal.v1.opt',
]
[grpc]
  address = '$socket'
[ttrpc]
  address = '$socket.ttrpc'
CONFIG

mkdir -p "$root/var/lib/containerd"
containerd --config "$work/config.toml" &
pid=$!
ctr=(ctr --address "$socket" --namespace k8s.io)
for _ in {1..100}; do
  kill -0 "$pid" 2> /dev/null || die "containerd did not start on this machine; its messages are above"
  "${ctr[@]}" version > /dev/null 2>&1 && break
  sleep 0.1
done
for archive in "$@"; do "${ctr[@]}" images import "$archive"; done
# The labels that CRI sets on images of its own: they are known at once, and the kubelet removes none.
for image in $("${ctr[@]}" images ls -q); do
  "${ctr[@]}" images label "$image" io.cri-containerd.image=managed io.cri-containerd.pinned=pinned
done
"${ctr[@]}" images check
