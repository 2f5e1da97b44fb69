#!/usr/bin/env bash
# Checks what this machine must have for the testbed, and installs the Debian packages that it lacks.
# usage: requirements.sh control-plane|nodes
set -euo pipefail
# shellcheck source=lib.sh
source "$(dirname "$(realpath "$0")")/lib.sh"

part=$1
missing=()

# require CONDITION_COMMAND... -- MESSAGE
require() {
  local condition=()
  while [[ $1 != -- ]]; do
    condition+=("$1")
    shift
  done
  "${condition[@]}" || missing+=("$2")
}

is_root() { [[ $EUID -eq 0 ]]; }
is_amd64_debian() { [[ $(uname -m) == x86_64 ]] && command -v apt-get debconf-show > /dev/null; }
has_tun() { [[ -c /dev/net/tun ]]; }
has_memory() { (($(awk '$1 == "MemTotal:" { print int($2 / 1048576) }' /proc/meminfo) >= 9)); }
has_go() {
  local version
  version=$(GOTOOLCHAIN=local go env GOVERSION 2> /dev/null) || return 1
  version=${version#go}
  [[ $(printf '%s\n1.21\n' "$version" | sort -V | head -n 1) == 1.21 ]]
}
has_maven() { command -v mvn > /dev/null; }
has_jdk() { "$setup/../../.mvn/java-home" > /dev/null 2>&1; }
has_disk() {
  mkdir -p "$cache"
  (($(df -Pk "$cache" | awk 'NR == 2 { print int($4 / 1048576) }') >= $1))
}

# With a disk image there, what builds it is there too: only the nodes' disks grow, their base among them. Else
# there are the Go build cache, Debian's packages and the image to make.
disk=12
if compgen -G "$cache/node-image-*/root.img" > /dev/null; then disk=7; fi

require is_root -- "not root: the testbed makes network namespaces and virtual machines; run it as root"
require is_amd64_debian -- "not an x86_64 Debian machine: the testbed is made from its packages; run it on one"
require has_disk "$disk" -- "less than $disk GB free for $cache: make room, or set RDMAGID_CACHE to a folder on a larger disk"
require has_go -- "no Go 1.21 or later on PATH: install one (Debian: apt-get install golang-go from backports); it fetches the version it needs"
require has_maven -- "no mvn on PATH: apt-get install maven"
require has_jdk -- "no JDK 25: install one (Temurin, say) under /usr/lib/jvm, or let JAVA_HOME name it"
if [[ $part == nodes ]]; then
  require has_tun -- "no /dev/net/tun, which the nodes' network needs: run 'modprobe tun', or give this machine the device"
  require has_memory -- "less than 10 GB of memory: two nodes and a control plane need it; use a larger machine"
fi
if ((${#missing[@]} > 0)); then
  printf '%s\n' "${missing[@]}" >&2
  exit 1
fi

# A program and the package that has it; a package is asked for only when its program is missing.
programs=(ssh-keygen:openssh-client openssl:openssl ip:iproute2)
if [[ $part == nodes ]]; then
  programs+=(
    qemu-system-x86_64:qemu-system-x86 qemu-img:qemu-utils debootstrap:debootstrap mke2fs:e2fsprogs
    cpio:cpio xz:xz-utils gcc:gcc
  )
fi

packages=()
for program in "${programs[@]}"; do
  command -v "${program%:*}" > /dev/null || packages+=("${program#*:}")
done
# Gcc alone has no C library to link the pause program with.
if [[ $part == nodes && ! -e /usr/lib/x86_64-linux-gnu/libc.a ]]; then packages+=(libc6-dev); fi

if ((${#packages[@]} > 0)); then
  step "installing ${packages[*]}" 60 packages.log "$setup/install-packages.sh" "${packages[@]}"
fi
