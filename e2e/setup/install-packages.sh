#!/usr/bin/env bash
# Installs Debian packages; fetches the package lists only when the ones there do not do.
# usage: install-packages.sh PACKAGE...
set -euo pipefail
export DEBIAN_FRONTEND=noninteractive
install=(apt-get install -y -q --no-install-recommends "$@")
"${install[@]}" || { apt-get update -q && "${install[@]}"; }
