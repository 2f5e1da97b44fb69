#!/usr/bin/env bash
# Gathers the kubectl plugin into kubectl/target/kubectl-rdmagid.tar.gz: a folder whose bin/kubectl-rdmagid finds a Java 25
# and runs it. The same jars make the same file.
set -euo pipefail
cd "$(dirname "$(realpath "$0")")/../kubectl/target"
rm -rf kubectl-rdmagid kubectl-rdmagid.tar.gz
mkdir -p kubectl-rdmagid/bin kubectl-rdmagid/lib
cp lib/*.jar rdmagid-kubectl-*.jar kubectl-rdmagid/lib/
cp ../../LICENSE kubectl-rdmagid/
# Without a class data archive: the JVM compares only times and sizes of jars, and whoever unpacks makes new ones.
cat > kubectl-rdmagid/bin/kubectl-rdmagid <<'EOF_COMMAND'
#!/bin/sh
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$(readlink -f "$0")")" && pwd)
release_of() { sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release" 2>/dev/null || true; }
java=
for home in "${JAVA_HOME:-}" /usr/lib/jvm/* /Library/Java/JavaVirtualMachines/*/Contents/Home; do
  if [ -n "$home" ] && [ -x "$home/bin/java" ] && [ "$(release_of "$home")" -ge 25 ] 2>/dev/null; then
    java=$home/bin/java
    break
  fi
done
if [ -z "$java" ]; then
  echo "kubectl rdmagid: no Java 25 found: install one under /usr/lib/jvm or let JAVA_HOME name it" >&2
  exit 3
fi
exec "$java" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xshare:auto \
  -cp "${here%/bin}/lib/*" io.rdmagid.kubectl.KubectlRdmagidMain "$@"
EOF_COMMAND
chmod +x kubectl-rdmagid/bin/kubectl-rdmagid
tar --sort=name --owner=0 --group=0 --numeric-owner --mtime=2026-01-01T00:00:00Z -cf - kubectl-rdmagid | gzip -n > kubectl-rdmagid.tar.gz
