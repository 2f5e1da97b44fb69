#!/usr/bin/env bash
# Makes the base of the agent's container: glibc, libibverbs with its providers, and a Java run time.
# Leaves OUT/runtime.tar (what "docker save" would write; jib's base) and OUT/rootfs.
# usage: build.sh OUT
set -euo pipefail
here=$(dirname "$(realpath "$0")")
# shellcheck source=lib.sh
source "$here/lib.sh"

[[ $# -eq 1 ]] || die "usage: build.sh OUT"
[[ $EUID -eq 0 ]] || die "build.sh needs root (it checks its result in a chroot): run it as root"
mkdir -p "$1"
out=$(realpath "$1")
root=$out/rootfs
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
rm -rf "$root"
mkdir -p "$root"

packages=(libc6 libgcc-s1 zlib1g libibverbs1 ibverbs-providers libnl-3-200 libnl-route-3-200 base-files)

modules=(
  java.base java.logging java.naming java.net.http java.management java.xml java.security.jgss
  jdk.management jdk.httpserver jdk.unsupported jdk.jfr jdk.crypto.ec
)

add_libraries() {
  debian_apt "$work/apt"
  merged_usr "$work/packages"
  debian_unpack "$work/packages" "${packages[@]}"
  merged_usr "$root"
  local from=$work/packages name
  cp -a "$from/usr/lib/x86_64-linux-gnu" "$root/usr/lib/"
  cp -a "$from/usr/lib64/." "$root/usr/lib64/"
  # Conversions between character sets that Java does itself.
  rm -rf "$root/usr/lib/x86_64-linux-gnu"/{gconv,audit}
  mkdir -p "$root"/{etc,usr/share/doc}
  cp -a "$from/etc/libibverbs.d" "$root/etc/"
  cp -L "$from/usr/lib/os-release" "$root/etc/os-release"
  for name in "${packages[@]}"; do
    [[ ! -d $from/usr/share/doc/$name ]] || install -D -m 644 -t "$root/usr/share/doc/$name" "$from/usr/share/doc/$name/copyright"
  done
}

add_system_files() {
  install -d -m 1777 "$root/tmp"
  install -d "$root"/{proc,sys,dev,run}
  printf 'root:x:0:0:root:/:/none\nnonroot:x:65532:65532:nonroot:/:/none\n' > "$root/etc/passwd"
  printf 'root:x:0:\nnonroot:x:65532:\n' > "$root/etc/group"
  printf 'hosts: files dns\n' > "$root/etc/nsswitch.conf"
}

add_java() {
  local jdk available chosen=() name
  jdk=$(find_jdk)
  available=$("$jdk/bin/java" --list-modules)
  for name in "${modules[@]}"; do
    # A module that a later JDK has merged away (jdk.crypto.ec) is not missed.
    [[ $available != *"$name@"* ]] || chosen+=("$name")
  done
  # Only the Java half of --strip-debug: the other half calls objcopy, which a machine may lack, and
  # the libraries of a Temurin JDK come stripped.
  "$jdk/bin/jlink" --add-modules "$(IFS=,; printf '%s' "${chosen[*]}")" \
    --strip-java-debug-attributes --no-man-pages --no-header-files --output "$root/opt/java"
  # A class data archive would halve the start; without one the JVM must not look for it.
  "$root/opt/java/bin/java" -Xshare:dump -Xlog:disable -Xlog:all=error:stderr
}

# kubectl exec … rdmagid show
add_command() {
  gcc -static -Os -s -Wall -Werror -o "$root/usr/bin/rdmagid" "$here/rdmagid.c"
}

check() {
  check_libraries "$root"
  chroot "$root" /lib64/ld-linux-x86-64.so.2 --list /usr/lib/x86_64-linux-gnu/libibverbs.so.1
  # The loader finds the launcher's own libraries through /proc; the mount ends with this command.
  # shellcheck disable=SC2016 # the inner shell expands it
  unshare --mount sh -c 'mount -t proc proc "$1/proc" && exec chroot "$1" /opt/java/bin/java -Xshare:on -version' - "$root"
}

add_libraries
add_system_files
add_java
add_command
check
docker_archive "$root" "$out/runtime.tar" localhost/rdmagid-runtime:dev \
  '{"Env":["PATH=/opt/java/bin:/usr/bin","JAVA_HOME=/opt/java","LANG=C.UTF-8"]}'
sha256sum "$out/runtime.tar"
