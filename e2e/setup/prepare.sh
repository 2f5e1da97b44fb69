#!/usr/bin/env bash
# Builds everything the testbed needs into the cache and writes where it is to e2e/target/testbed.properties.
# What is there and still valid is not built again.
# usage: prepare.sh [control-plane|nodes]
set -euo pipefail
# shellcheck source=lib.sh
source "$(dirname "$(realpath "$0")")/lib.sh"

part=${1:-nodes}
[[ $part == control-plane || $part == nodes ]] || die "usage: prepare.sh [control-plane|nodes]"
runtime=$(realpath "$setup/../../deploy/runtime")
helm_version=v4.3.1

# The key is part of the node image, so it is made once and kept.
make_key() {
  local partial
  lock ssh
  if [[ ! -e $cache/ssh/id_ed25519 ]]; then
    partial=$(mktemp -d -p "$cache")
    ssh-keygen -q -t ed25519 -N '' -C rdmagid-testbed -f "$partial/id_ed25519"
    mv "$partial" "$cache/ssh"
  fi
  exec 9>&-
}

"$setup/requirements.sh" "$part"
kubernetes_dir=$(artefact kubernetes "$setup/kubernetes" "$setup/go-build.sh")
helm_dir=$(artefact helm "$helm_version" "$setup/go-build.sh")
containerd_dir=$(artefact containerd "$setup/containerd" "$setup/go-build.sh")
if [[ $part == nodes ]]; then
  make_key
  jdk=$(find_jdk)
  runtime_dir=$(artefact runtime "$runtime" "$jdk/release")
  base_dir=$(artefact node-base "$setup/node-base.sh" "$setup/guest/initramfs-init" "$runtime/lib.sh")
  # Other artefacts count by name: the name says what made them, and they may not be there yet.
  image_dir=$(artefact node-image "${kubernetes_dir##*/}" "${containerd_dir##*/}" "${runtime_dir##*/}" "${base_dir##*/}" \
    "$setup"/{node-image,tools-image,preload}.sh "$runtime/lib.sh" "$setup/pause.c" "$setup/guest" "$cache/ssh/id_ed25519.pub")
fi

# Downloads, mostly, beside what the processor is busy with. Maven's are fetched by compiling, and only where the first
# build below gives it the time.
beside() {
  build "$runtime_dir" "building the container's run time" 40 "$runtime/build.sh"
  build "$base_dir" "installing the nodes' Debian" 150 "$setup/node-base.sh"
  if [[ $1 == first ]]; then
    # What is wrong with the sources the build itself says later.
    (step "fetching what Maven needs" 240 maven.log "$setup/../../.mvn/mvnb" -f "$setup/../../pom.xml" package -DskipTests) || true
  fi
}

# Ends the preparation as soon as what runs beside it has failed.
lane=
look_beside() {
  [[ -z $lane ]] || kill -0 "$lane" 2> /dev/null || { wait "$lane" && lane=; }
}

if [[ $part == nodes ]]; then
  first=no
  [[ -d $kubernetes_dir ]] || first=first
  told=$(mktemp)
  beside "$first" > "$told" 2>&1 &
  lane=$!
  trap '[[ -z $lane ]] || kill "$lane" 2> /dev/null || true; cat "$told"; rm -f "$told"' EXIT
fi
build "$kubernetes_dir" "building the Kubernetes binary" 840 "$setup/go-build.sh" kubernetes
look_beside
build "$helm_dir" "building Helm" 220 "$setup/go-build.sh" helm "$helm_version"
look_beside
build "$containerd_dir" "building containerd" 120 "$setup/go-build.sh" containerd
if [[ $part == nodes ]]; then
  # What was said so far, and what is said until its end.
  if [[ -n $lane ]]; then
    tail -n +1 -f --pid="$lane" "$told"
    : > "$told"
    wait "$lane"
    lane=
  else
    cat "$told"
  fi
  trap 'rm -f "$told"' EXIT
  build "$image_dir" "making the node image" 60 "$setup/node-image.sh" "$base_dir" "$kubernetes_dir" "$containerd_dir" "$runtime_dir" "$cache/ssh/id_ed25519.pub"
fi

target=$setup/../target
mkdir -p "$target"
target=$(realpath "$target")
properties=$(mktemp -p "$target")
{
  printf 'kube=%s/testbed\n' "$kubernetes_dir"
  printf 'helm=%s/helm\n' "$helm_dir"
  printf 'containerd=%s/containerd\n' "$containerd_dir"
  if [[ $part == nodes ]]; then
    printf 'node.image=%s/root.img\n' "$image_dir"
    printf 'node.kernel=%s/vmlinuz\n' "$base_dir"
    printf 'node.initramfs=%s/initramfs.gz\n' "$base_dir"
    printf 'ssh.key=%s/ssh/id_ed25519\n' "$cache"
    printf 'runtime.tar=%s/runtime.tar\n' "$runtime_dir"
  elif [[ -e $target/testbed.properties ]]; then
    # What an earlier run found for the nodes stays: their testbed may be up.
    grep -E '^(node\.|ssh\.|runtime\.)' "$target/testbed.properties" || true
  fi
} > "$properties"
chmod 644 "$properties"
mv "$properties" "$target/testbed.properties"
