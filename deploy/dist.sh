#!/usr/bin/env bash
# Gathers the rdmagid command line into dist/: dist/bin/rdmagid finds a JDK 25 and runs it.
set -euo pipefail
cd "$(dirname "$(realpath "$0")")/.."
rm -rf dist
mkdir -p dist/bin dist/lib
cp deviceplugin/target/lib/*.jar deviceplugin/target/rdmagid-deviceplugin-*.jar dist/lib/
cp .mvn/java-home dist/bin/java-home
# A command's own jars and the one that reads its words come first: else most others are opened to look for them.
for jar in dist/lib/rdmagid-deviceplugin-*.jar dist/lib/rdmagid-terminal-*.jar; do mv "$jar" "dist/lib/0-${jar##*/}"; done
# picocli is compiled for Java 5, which no archive takes.
for jar in dist/lib/picocli-*.jar; do
  "$(dist/bin/java-home)/bin/java" deploy/archive/UpgradeClasses.java "$jar" "dist/lib/0-${jar##*/}"
  rm "$jar"
done
# An archive that is missing, or of another JDK or jars, costs time and nothing else: the JVM's own words about it are off.
# The heap it starts with has to hold the archive's objects, whatever memory the machine has.
# A command is short: compiled is what runs ten times as often as usual, and reflection gets no code of its own.
cat > dist/bin/rdmagid <<'EOF_COMMAND'
#!/bin/sh
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$(readlink -f "$0")")" && pwd)
home=$("$here/java-home")
lib=${here%/bin}/lib
path=$(printf ':%s' "$lib"/*.jar)
path=${path#:} # an empty element would be the current directory
exec "$home/bin/java" -XX:+UseSerialGC -Xms64m -XX:TieredStopAtLevel=1 -XX:CompileThresholdScaling=10 \
  -Djdk.reflect.useNativeAccessorOnly=true --enable-native-access=ALL-UNNAMED \
  -XX:SharedArchiveFile="$lib/rdmagid.jsa" -Xlog:disable \
  -cp "$path" io.rdmagid.deviceplugin.command.RdmagidMain "$@"
EOF_COMMAND
chmod +x dist/bin/rdmagid

# The classes that commands use, parsed, verified and linked: without them a command takes twice as long. The JVM compares
# only times and sizes of the jars, so jars and archive are always made together.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# run NAME WORD...: a command that leaves the list of its classes.
run() { JDK_JAVA_OPTIONS="-XX:DumpLoadedClassList=$work/$1.classes" dist/bin/rdmagid "${@:2}" > /dev/null 2>&1; }
run tables show --recording samples
run choices explain -o json --recording samples
# What reads the kernel; most machines that build have no device to show.
run kernel show || true
grep -qh '^picocli/' "$work"/*.classes || { echo "rdmagid: no list of the command's classes" >&2; exit 1; }
sed -e '/^#/d' -e 's/ id: [0-9]*$//' "$work"/*.classes | awk '!seen[$0]++' > "$work/classes"
JDK_JAVA_OPTIONS="-Xshare:dump -XX:+AOTClassLinking -XX:SharedClassListFile=$work/classes" dist/bin/rdmagid > "$work/log" 2>&1 || {
  cat "$work/log" >&2
  exit 1
}
