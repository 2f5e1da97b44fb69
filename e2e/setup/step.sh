#!/usr/bin/env bash
# Runs a command with progress and its output in a log of the cache.
# usage: step.sh WHAT USUAL_SECONDS LOG COMMAND...
set -euo pipefail
# shellcheck source=lib.sh
source "$(dirname "$(realpath "$0")")/lib.sh"
step "$@"
