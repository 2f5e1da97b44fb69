# Sourced by the scripts that take files from Debian packages and make image archives of them.
# shellcheck shell=bash

# The Debian release of the agent's container and of the test nodes.
readonly DEBIAN_SUITE=trixie

die() {
  printf '%s\n' "$*" >&2
  exit 1
}

# The Debian mirror this machine already uses: no mirror is written in the project, so that machines
# behind a proxy or with a mirror of their own need no second setting.
debian_mirror() {
  local mirror
  mirror=$(apt-get indextargets --format "\$(COMPONENT) \$(RELEASE) \$(REPO_URI)" 'Created-By: Packages' |
    awk '$1 == "main" && $2 ~ /^(bookworm|trixie|forky|sid|oldstable|stable|testing)$/ { print $3; exit }')
  [[ -n $mirror ]] || die "no Debian mirror in this machine's apt sources: add a 'deb' entry for Debian main to /etc/apt/sources.list"
  printf '%s\n' "${mirror%/}"
}

# debian_apt ROOT: gives apt a state of its own in ROOT that knows only the release, and the options for it
# in DEBIAN_APT. The machine's package lists are not touched, whatever release the machine runs.
debian_apt() {
  local root=$1 keyring=/usr/share/keyrings/debian-archive-keyring.gpg
  [[ -e $keyring ]] || die "no $keyring: run 'apt-get install debian-archive-keyring'"
  mkdir -p "$root"/{lists/partial,cache/archives/partial}
  : > "$root/status"
  printf 'deb [signed-by=%s] %s %s main\n' "$keyring" "$(debian_mirror)" "$DEBIAN_SUITE" > "$root/sources.list"
  DEBIAN_APT=(
    -q -o "Dir::State::lists=$root/lists" -o "Dir::State::status=$root/status" -o "Dir::Cache=$root/cache"
    -o "Dir::Etc::SourceList=$root/sources.list" -o Dir::Etc::SourceParts=-
    -o APT::Architecture=amd64 -o APT::Sandbox::User=root
  )
  apt-get "${DEBIAN_APT[@]}" update
}

# debian_unpack ROOT PACKAGE...: unpacks packages (without their dependencies or scripts) into ROOT.
debian_unpack() {
  local root=$1 folder file
  shift
  folder=$(mktemp -d)
  (cd "$folder" && apt-get "${DEBIAN_APT[@]}" download "$@")
  for file in "$folder"/*.deb; do dpkg-deb --extract "$file" "$root"; done
  rm -rf "$folder"
}

# merged_usr ROOT: the top-level links of a Debian root, which must exist before packages are unpacked.
merged_usr() {
  local name
  for name in bin sbin lib lib64; do
    mkdir -p "$1/usr/$name"
    ln -sfn "usr/$name" "$1/$name"
  done
}

# check_libraries ROOT: every shared object and program under /usr/bin and /usr/lib finds its libraries.
check_libraries() {
  local root=$1 file missing
  while IFS= read -r file; do
    # A file that is no dynamic ELF object is none of our business: the loader says so and fails.
    missing=$(chroot "$root" /lib64/ld-linux-x86-64.so.2 --list "${file#"$root"}" 2>/dev/null | grep 'not found' || true)
    [[ -z $missing ]] || die "${file#"$root"} in the image lacks a library:$missing; add its package"
  done < <(find "$root/usr/bin" "$root/usr/lib" -type f \( -perm -u+x -o -name '*.so*' \))
}

# docker_archive ROOT OUT NAME CONFIG_JSON: ROOT as an archive of one layer in the format of "docker save".
# Jib takes only that format as a base, and takes a gzipped layer as it is: so the blob has one digest
# wherever it goes, and nodes that have it import nothing. Same ROOT, same bytes.
docker_archive() {
  local root=$1 out=$2 name=$3 config=$4 work diff_id
  work=$(mktemp -d)
  local stable=(--sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner --format=gnu)
  tar "${stable[@]}" -C "$root" -cf "$work/layer.tar" .
  diff_id=$(sha256sum < "$work/layer.tar" | cut -d' ' -f1)
  gzip -n -6 "$work/layer.tar"
  printf '{"architecture":"amd64","os":"linux","created":"1970-01-01T00:00:00Z","config":%s,"rootfs":{"type":"layers","diff_ids":["sha256:%s"]},"history":[{"created":"1970-01-01T00:00:00Z","created_by":"rdmagid"}]}' \
    "$config" "$diff_id" > "$work/config.json"
  printf '[{"Config":"config.json","RepoTags":["%s"],"Layers":["layer.tar.gz"]}]' "$name" > "$work/manifest.json"
  tar "${stable[@]}" -C "$work" -cf "$out" manifest.json config.json layer.tar.gz
  rm -rf "$work"
}

# A JDK 25: JAVA_HOME when it is one, else one that the system's packages installed.
find_jdk() {
  local candidate
  for candidate in "${JAVA_HOME:-}" /usr/lib/jvm/*; do
    if [[ -x $candidate/bin/jlink ]] && grep -q '^JAVA_VERSION="25[."]' "$candidate/release" 2>/dev/null; then
      realpath "$candidate"
      return
    fi
  done
  die "no JDK 25 found: install one (for example Temurin 25) or set JAVA_HOME to it"
}
