#!/usr/bin/env bash
# The class data archive of the agent's image: its classes parsed, verified and linked. Its name has the hash of all
# that it is made of, because the JVM compares only times and sizes of jars.
# See docs/decisions/0004-class-data-archive.md.
# usage: archive.sh make RUNTIME_TAR CLASS_PATH_FILE MODIFIED JVM_FLAGS OUT
#        archive.sh check IMAGE_TAR
set -euo pipefail
here=$(dirname "$(realpath "$0")")
# shellcheck source=../runtime/lib.sh
source "$here/../runtime/lib.sh"

readonly MAIN=io.rdmagid.deviceplugin.AgentMain
[[ $EUID -eq 0 ]] || die "archive.sh needs root (it runs the agent in a chroot): run it as root"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
root=$work/root

# The arguments that every JVM in the image starts with: the flags that the archive was made with, without which it may
# not start, then the archive and the class path, a line each.
readonly ARGUMENTS=/app/agent.args

# archive_name RUNTIME_SHA256 JVM_FLAGS CLASS_PATH: the archive's path in the image, with the jars below $root.
archive_name() {
  local runtime=$1 flags=$2 jars hash
  mapfile -d : -t jars < <(printf '%s' "$3")
  hash=$({
    printf '%s\n' "$runtime" "$flags"
    (cd "$root" && sha256sum "${jars[@]#/}" && stat -c %Y "${jars[@]#/}")
    (cd "$here" && sha256sum archive.sh train.go CallKubelet.java)
  } | sha256sum)
  printf '/app/agent-%s.jsa\n' "${hash:0:16}"
}

# in_container COMMAND...: runs a command of this machine with networks, processes and mounts of its own, and with
# $root as complete as a container. It can chroot there.
in_container() {
  # shellcheck disable=SC2016 # the inner shell expands it
  unshare --mount --net --pid --fork --kill-child sh -euc '
    ip link set lo up
    mount -t proc proc "$1/proc"
    mount -t tmpfs tmpfs "$1/dev"
    mkdir "$1/dev/infiniband"
    mkdir -p "$1/sys/class" # a node without RDMA devices
    for device in null random urandom; do
      : > "$1/dev/$device"
      mount --bind "/dev/$device" "$1/dev/$device"
    done
    shift
    exec "$@"' - "$root" "$@"
}

# java WORD...: the image's java with the flags that it runs with.
java() { in_container chroot "$root" /opt/java/bin/java "${flags[@]}" "$@"; }

# One run with a recording, which publishes objects, one with the kernel's tables, which takes the native calls, and one
# of a program that calls itself as kubelet and agent call each other. Our own classes are listed as a whole: no device
# can be opened here.
list_classes() {
  local jar run
  CGO_ENABLED=0 GOTOOLCHAIN=local GOFLAGS='' go build -o "$work/train" "$here/train.go"
  cp "$here/../../deviceplugin/src/test/resources/recordings/mlx5-two-ports.json" "$root/tmp/recording.json"
  for run in kernel "recording --recording /tmp/recording.json --allocate true"; do
    # shellcheck disable=SC2086 # the words after the first are options
    set -- $run
    in_container "$work/train" "$root" chroot "$root" /opt/java/bin/java "${flags[@]}" \
      "-XX:DumpLoadedClassList=/tmp/$1.classes" -cp "$class_path" "$MAIN" "${@:2}"
  done
  "$(find_jdk)/bin/javac" -d "$root/tmp/calls" -cp "$root/app/libs/*" "$here/CallKubelet.java"
  java -XX:DumpLoadedClassList=/tmp/calls.classes -cp "$class_path:/tmp/calls" CallKubelet /tmp/calls.sock
  {
    # The order is kept, but for repetitions; the numbers are those of one run.
    sed -e '/^#/d' -e '/CallKubelet/d' -e 's/ id: [0-9]*$//' "$root"/tmp/{kernel,recording,calls}.classes
    for jar in "$root"/app/libs/rdmagid-*.jar; do
      "$(find_jdk)/bin/jar" --list --file "$jar" | sed -n -e '/-info\.class$/d' -e 's/\.class$//p'
    done
  } | awk '!seen[$0]++' > "$root/tmp/classes"
}

make_archive() {
  local runtime=$1 jars=() jar class_path archive flags out=$5
  mapfile -d : -t jars < <(tr -d '\n' < "$2")
  IFS=, read -ra flags <<< "$4"
  mkdir -p "$root/app/libs" "$out/app"
  tar -xOf "$runtime" layer.tar.gz > "$work/layer.tar.gz"
  cp -t "$root/app/libs" "${jars[@]}"
  touch -d "$3" "$root"/app/libs/*
  class_path=$(printf ':/app/libs/%s' "${jars[@]##*/}")
  class_path=${class_path:1}
  archive=$(archive_name "$(sha256sum < "$work/layer.tar.gz")" "${flags[*]}" "$class_path")
  printf -- '%s\n' "${flags[@]}" "-XX:SharedArchiveFile=$archive" -cp "$class_path" > "$out$ARGUMENTS"
  if [[ -e $out$archive ]]; then
    echo "$archive is of the same runtime, jars and flags"
    return
  fi
  rm -f "$out"/app/*.jsa*
  tar -xzf "$work/layer.tar.gz" -C "$root"
  list_classes
  java -Xshare:dump -XX:+AOTClassLinking -XX:SharedClassListFile=/tmp/classes "-XX:SharedArchiveFile=/tmp/agent.jsa" \
    -cp "$class_path" -Xlog:disable -Xlog:all=error:stderr
  cp "$root/tmp/agent.jsa" "$out$archive.partial"
  mv "$out$archive.partial" "$out$archive"
  ls -l "$out$archive"
}

# An image whose archive is not used, or is of other jars, is refused here: it would start slowly, or run old code.
check_image() {
  local image=$work/image index manifest config layers layer words flags archive class_path
  mkdir -p "$root" "$image"
  tar -xf "$1" -C "$image"
  index=$(blobs "$image/index.json")
  manifest=$(blobs "$image/$index")
  # The first is the configuration, the second the runtime.
  mapfile -t layers <<< "$manifest"
  config=$image/${layers[0]}
  for layer in "${layers[@]:1}"; do tar --warning=no-unknown-keyword -xzf "$image/$layer" -C "$root"; done
  mapfile -t words < <(sed -n 's/.*"Entrypoint":\[\([^]]*\)\].*/\1/p' "$config" | tr -d '"' | tr ',' '\n')
  mapfile -t flags < <(sed '/^-XX:SharedArchiveFile=/,$d' "$root$ARGUMENTS")
  archive=$(sed -n 's/^-XX:SharedArchiveFile=//p' "$root$ARGUMENTS")
  class_path=$(tail -n 1 "$root$ARGUMENTS")
  [[ $archive == $(archive_name "$(sha256sum < "$image/${layers[1]}")" "${flags[*]}" "$class_path") ]] ||
    die "the image's $archive is of another runtime, other jars or other flags: run make clean image"
  command=("${words[@]}")
  run_image || die "the image's command does not run with its archive: $(cat "$work/out")"
  [[ -n $(grep '^io\.rdmagid\..* source: shared objects file' "$root/tmp/loaded") ]] ||
    die "no class of ours comes from the image's archive"
  ! grep '^io\.rdmagid\..* source: file:' "$root/tmp/loaded" || die "these classes do not come from the image's archive"
  grep -q 'Using AOT-linked classes: true' "$root/tmp/loaded" ||
    die "the classes of the image's archive are not linked: some flag of the JVM forbids it; see -Xlog:aot,cds"
  touch "$root"/app/libs/rdmagid-gid-*.jar
  ! run_image || die "the JVM takes an archive of another jar"
  echo "the image's command uses $archive"
}

# The paths of what an index or a manifest names.
blobs() { grep -o '"digest":"sha256:[0-9a-f]*"' "$1" | sed 's/.*sha256:\(.*\)"/blobs\/sha256\/\1/'; }

# The image's own command; it fails where the archive cannot be used.
run_image() {
  JDK_JAVA_OPTIONS='-Xshare:on -Xlog:class+load,aot,cds:file=/tmp/loaded:none' \
    in_container chroot "$root" "${command[@]}" --help > "$work/out" 2>&1
}

case ${1:-} in
  make) make_archive "${@:2}" ;;
  check) check_image "${@:2}" ;;
  *) die "usage: archive.sh make RUNTIME_TAR CLASS_PATH_FILE MODIFIED JVM_FLAGS OUT, or archive.sh check IMAGE_TAR" ;;
esac
