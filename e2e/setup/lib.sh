# Sourced by the preparation scripts: the cache of what they build, and progress while they build it.
# shellcheck shell=bash

# Root by a plain su has a PATH without the folders of debootstrap and mke2fs.
export PATH=$PATH:/usr/sbin:/sbin

setup=$(dirname "$(realpath "${BASH_SOURCE[0]}")")
# shellcheck source=../../deploy/runtime/lib.sh
source "$setup/../../deploy/runtime/lib.sh"

cache=${RDMAGID_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/rdmagid}

clock() { printf '%d:%02d' $(($1 / 60)) $(($1 % 60)); }

# step WHAT USUAL_SECONDS LOG COMMAND...: runs a command with its output in LOG under the cache's log
# folder and shows how long it has been running. The command is a script, never a function: bash would
# ignore its "set -e" wherever step is called in a condition.
step() {
  local what=$1 usual=$2 log=$cache/log/$3 begin=$SECONDS pid status=0 next=30 passed
  shift 3
  mkdir -p "$cache/log"
  what+=" (usually about $(clock "$usual"))"
  # A process group of its own, so that an interrupt here ends the command and all its children.
  set -m
  "$@" > "$log" 2>&1 < /dev/null &
  pid=$!
  set +m
  # shellcheck disable=SC2064 # the pid of now is meant
  trap "kill -TERM -- -$pid 2>/dev/null; exit 130" INT TERM
  [[ -t 1 ]] || printf '%s …\n' "$what"
  while kill -0 "$pid" 2>/dev/null; do
    passed=$((SECONDS - begin))
    if [[ -t 1 ]]; then
      printf '\r\e[K%s … %s' "$what" "$(clock "$passed")"
    elif ((passed >= next)); then
      printf '%s … %s\n' "$what" "$(clock "$passed")"
      next=$((next + 30))
    fi
    sleep 0.5
  done
  wait "$pid" || status=$?
  trap - INT TERM
  [[ ! -t 1 ]] || printf '\r\e[K'
  if ((status != 0)); then
    tail -n 30 "$log" >&2
    die "$what: failed after $(clock $((SECONDS - begin))) with status $status; the whole log is $log"
  fi
  printf '%s: done in %s\n' "$what" "$(clock $((SECONDS - begin)))"
}

# artefact NAME INPUT...: the folder in the cache of what these inputs make. An input is a file, a folder
# (all files in it), or else a text.
artefact() {
  local name=$1 input hash
  shift
  hash=$(for input in "$@"; do
    if [[ -d $input ]]; then
      (cd "$input" && find . -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum)
    elif [[ -f $input ]]; then
      sha256sum < "$input"
    else
      printf '%s\n' "$input"
    fi
  done | sha256sum)
  printf '%s/%s-%s\n' "$cache" "$name" "${hash:0:12}"
}

# build FOLDER WHAT USUAL_SECONDS COMMAND...: makes the artefact FOLDER unless it is there, by the command
# with a folder to fill as its last argument. That folder gets its name only when it is complete, so a
# build that was killed leaves nothing that looks valid.
build() {
  local folder=$1 what=$2 usual=$3 partial name
  shift 3
  name=$(basename "$folder")
  name=${name%-*}
  lock "$name"
  if [[ ! -d $folder ]]; then
    remove_trees "$cache/$name"-*.partial.*
    partial=$folder.partial.$$
    mkdir "$partial"
    # The lock is not for the command's children: one that outlives it would keep it.
    step "$what" "$usual" "$name.log" "$@" "$partial" 9>&-
    mv "$partial" "$folder"
  fi
  touch "$folder"
  remove_old "$name"
  exec 9>&-
}

# lock NAME: waits until no other run makes what NAME stands for. The lock ends with file descriptor 9.
lock() {
  mkdir -p "$cache"
  exec 9> "$cache/$1.lock"
  flock 9
}

# The newest two stay: a branch and the one it left.
remove_old() {
  local folders
  mapfile -t folders < <(find "$cache" -maxdepth 1 -type d -regex ".*/$1-[0-9a-f]*" -printf '%T@ %p\n' | sort -rn | cut -d' ' -f2-)
  remove_trees "${folders[@]:2}"
}

# A killed debootstrap leaves its tree with /proc mounted in it.
remove_trees() {
  local tree mounted
  for tree in "$@"; do
    [[ -d $tree ]] || continue
    while read -r mounted; do umount "$mounted"; done < <(awk -v tree="$tree/" 'index($2, tree) == 1 { print $2 }' /proc/mounts | tac)
    rm -rf --one-file-system "$tree"
  done
}
