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
cp deploy/command/rdmagid dist/bin/rdmagid

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
