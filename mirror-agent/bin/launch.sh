# Sourced by the commands of this repository: finds a JDK and Maven, builds what is missing or older
# than its sources, and runs a main class. Messages go to stderr; a failure ends the command with 1.
#
#   launch_main  MODULE MAIN_CLASS ARGUMENT...   builds if need be, then becomes the JVM
#   launch_find_jdk                              sets and exports JAVA_HOME
#   launch_find_maven; launch_maven ARGUMENT...  finds Maven; runs it
#   launch_maven_quietly ARGUMENT...             runs it on the project, and shows only what is wrong
#
# FARSHORE_JAVA_OPTS adds options to the JVM.

LAUNCH_JDK_NEEDED=25
LAUNCH_ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)

launch_fail() {
  printf '%s\n' "$*" >&2
  exit 1
}

# Prints the major version of the JDK in a directory; nothing if there is none.
launch_jdk_version() {
  [ -x "$1/bin/java" ] && [ -x "$1/bin/javac" ] || return 0
  local version=
  if [ -r "$1/release" ]; then
    version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release")
  fi
  if [ -z "$version" ]; then
    version=$("$1/bin/java" -version 2>&1 | sed -n 's/.* version "\([0-9]*\).*/\1/p' | head -n 1)
  fi
  printf '%s' "$version"
}

launch_find_jdk() {
  local on_path candidate version
  on_path=$(command -v java 2>/dev/null || true)
  if [ -n "$on_path" ]; then
    on_path=$(dirname "$(dirname "$(readlink -f "$on_path")")")
  fi
  for candidate in "${JAVA_HOME:-}" "$on_path" /usr/lib/jvm/* \
    "${SDKMAN_DIR:-$HOME/.sdkman}"/candidates/java/*; do
    [ -n "$candidate" ] || continue
    version=$(launch_jdk_version "$candidate")
    if [ -n "$version" ] && [ "$version" -ge "$LAUNCH_JDK_NEEDED" ]; then
      export JAVA_HOME=$candidate
      return 0
    fi
  done
  launch_fail "Farshore needs a JDK $LAUNCH_JDK_NEEDED or newer, and found none in JAVA_HOME, on PATH," \
    "in /usr/lib/jvm or in SDKMAN: install one (for example: sdk install java 25-tem) or set JAVA_HOME to it."
}

launch_find_maven() {
  LAUNCH_MAVEN=$(command -v mvn 2>/dev/null || true)
  if [ -z "$LAUNCH_MAVEN" ]; then
    for LAUNCH_MAVEN in "${MAVEN_HOME:-/nonexistent}/bin/mvn" \
      "${SDKMAN_DIR:-$HOME/.sdkman}/candidates/maven/current/bin/mvn"; do
      [ -x "$LAUNCH_MAVEN" ] && return 0
    done
    launch_fail "Building Farshore needs Maven 3.8.1 or newer, and there is no mvn on PATH:" \
      "install it (for example: apt install maven, or sdk install maven)."
  fi
}

# Maven's own libraries make a recent JDK print warnings that nobody here can act on.
launch_maven() {
  MAVEN_OPTS="--sun-misc-unsafe-memory-access=allow --enable-native-access=ALL-UNNAMED ${MAVEN_OPTS:-}" \
    "$LAUNCH_MAVEN" -B -Dstyle.color=never "$@"
}

# Runs Maven on the project; only what is wrong is said, to stderr. Maven resets the terminal's colours even
# when it is told to use none.
launch_maven_quietly() {
  (
    set -o pipefail
    cd "$LAUNCH_ROOT"
    launch_maven -q "$@" 2>&1 | sed 's/\x1b\[[0-9;]*m//g' >&2
  )
}

# Whether the jars of a module are older than a source that they come from.
launch_outdated() {
  local stamp=$LAUNCH_ROOT/$1/target/app/current
  [ -e "$stamp" ] || return 0
  [ -n "$(find "$LAUNCH_ROOT/pom.xml" "$LAUNCH_ROOT"/.mvn "$LAUNCH_ROOT"/*/pom.xml \
    "$LAUNCH_ROOT"/*/src/main -newer "$stamp" -print -quit)" ]
}

# Builds a module. Its own jars go to target/app/BUILD, a directory that is never written again: a
# JVM that runs from an earlier build keeps its classes. target/app/current names the latest.
launch_build() {
  local module=$1 app=$LAUNCH_ROOT/$1/target/app build
  launch_find_maven
  if [ -e "$app/current" ]; then
    printf 'building again, for the sources have changed…\n' >&2
  else
    printf 'building (first start only)…\n' >&2
  fi
  build=$(date +%Y%m%d-%H%M%S)-$$
  mkdir -p "$app/$build"
  touch "$app/$build/started"
  if ! launch_maven_quietly -Dmaven.test.skip=true -pl "$module" -am package; then
    rm -rf "${app:?}/$build"
    launch_fail "The build failed; the lines above say why."
  fi
  cp "$LAUNCH_ROOT/$module/target/modules/"*.jar "$LAUNCH_ROOT/$module/target/$module-"*.jar "$app/$build/"
  printf '%s\n' "$build" > "$app/current.new"
  # A source that was changed while Maven ran counts as newer.
  touch -r "$app/$build/started" "$app/current.new"
  mv "$app/current.new" "$app/current"
  ls -1d "$app"/2*/ | sort -r | tail -n +6 | xargs -r -d '\n' rm -rf
}

launch_main() {
  local module=$1 main=$2 target options
  shift 2
  launch_find_jdk
  target=$LAUNCH_ROOT/$module/target
  if launch_outdated "$module"; then
    mkdir -p "$target/app"
    exec 9> "$target/app/lock"
    if command -v flock >/dev/null 2>&1; then
      flock 9
    fi
    if launch_outdated "$module"; then
      launch_build "$module"
    fi
    exec 9>&-
  fi
  # The one list of JVM options is the property of the parent POM.
  options=$(sed -n '/<farshore.jvm.options>/,/<\/farshore.jvm.options>/{s/<[^>]*>//g;p}' "$LAUNCH_ROOT/pom.xml")
  # Word splitting is wanted for both lists of options.
  # shellcheck disable=SC2086
  exec "$JAVA_HOME/bin/java" $options ${FARSHORE_JAVA_OPTS:-} \
    -cp "$target/app/$(cat "$target/app/current")/*:$target/lib/*" "$main" "$@"
}
