#!/usr/bin/env bash
# Gathers the rdmagid command line into dist/: dist/bin/rdmagid finds a JDK 25 and runs it.
set -euo pipefail
cd "$(dirname "$(realpath "$0")")/.."
rm -rf dist
mkdir -p dist/bin dist/lib
cp deviceplugin/target/lib/*.jar deviceplugin/target/rdmagid-deviceplugin-*.jar dist/lib/
cp .mvn/java-home dist/bin/java-home
cat > dist/bin/rdmagid <<'EOF'
#!/bin/sh
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$(readlink -f "$0")")" && pwd)
home=$("$here/java-home")
exec "$home/bin/java" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 --enable-native-access=ALL-UNNAMED \
  -cp "$here/../lib/*" io.rdmagid.deviceplugin.command.RdmagidMain "$@"
EOF
chmod +x dist/bin/rdmagid
