# Sourced by the benchmarks: builds what they run, and runs it.

. "$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)/../../mirror-agent/bin/launch.sh"

BENCH_CLASSPATH_FILE=$LAUNCH_ROOT/tests/target/bench-classpath

# Whether a class is older than a source.
bench_outdated() {
  [ -e "$BENCH_CLASSPATH_FILE" ] || return 0
  [ -n "$(find "$LAUNCH_ROOT/pom.xml" "$LAUNCH_ROOT"/*/pom.xml "$LAUNCH_ROOT"/*/src \
    -newer "$BENCH_CLASSPATH_FILE" -print -quit)" ]
}

# Compiles the modules and the benchmarks, without running a test.
bench_build() {
  launch_find_jdk
  if bench_outdated; then
    launch_find_maven
    printf 'building…\n' >&2
    local started
    started=$(mktemp)
    launch_maven_quietly -pl tests -am test-compile dependency:build-classpath \
      -Dmdep.includeScope=test -Dmdep.outputFile="$LAUNCH_ROOT/tests/target/bench-classpath.new" ||
      launch_fail "The build failed; the lines above say why."
    touch -r "$started" "$LAUNCH_ROOT/tests/target/bench-classpath.new"
    mv "$LAUNCH_ROOT/tests/target/bench-classpath.new" "$BENCH_CLASSPATH_FILE"
    rm -f "$started"
  fi
}

# Names in one line the tools that are missing; each argument is TOOL:DEBIAN-PACKAGE.
bench_needs() {
  local pair missing=
  for pair in "$@"; do
    command -v "${pair%%:*}" >/dev/null 2>&1 || missing="$missing ${pair%%:*} (package ${pair#*:})"
  done
  [ -z "$missing" ] || launch_fail "this benchmark needs what is not installed:$missing"
}

# Builds the commands that a user starts, so that no benchmark waits for a build.
bench_build_agent() {
  "$LAUNCH_ROOT/mirror-agent/bin/mirror-agent" version >/dev/null
  "$LAUNCH_ROOT/emulab/bin/emulab" --help >/dev/null
}

# Has every agent that is started from here on record a profile into DIR/PID.jfr; none for an empty name.
bench_profile_agents() {
  [ -n "$1" ] || return 0
  mkdir -p "$1"
  FARSHORE_JAVA_OPTS="${FARSHORE_JAVA_OPTS:-} -XX:StartFlightRecording=filename=$(readlink -f "$1")/%p.jfr,settings=profile"
  export FARSHORE_JAVA_OPTS
}

bench_run() {
  local main=$1 options
  shift
  options=$(sed -n '/<farshore.jvm.options>/,/<\/farshore.jvm.options>/{s/<[^>]*>//g;p}' "$LAUNCH_ROOT/pom.xml")
  # Word splitting is wanted for both lists of options.
  # shellcheck disable=SC2086
  "$JAVA_HOME/bin/java" $options -Xmx1g ${BENCH_JAVA_OPTS:-} -Dfarshore.root="$LAUNCH_ROOT" \
    -cp "$LAUNCH_ROOT/tests/target/test-classes:$LAUNCH_ROOT/tests/target/classes:$(cat "$BENCH_CLASSPATH_FILE")" \
    "$main" "$@"
}
