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
    (cd "$LAUNCH_ROOT" && launch_maven -q -pl tests -am test-compile dependency:build-classpath \
      -Dmdep.includeScope=test -Dmdep.outputFile="$LAUNCH_ROOT/tests/target/bench-classpath.new") >&2 ||
      launch_fail "The build failed; the lines above say why."
    touch -r "$started" "$LAUNCH_ROOT/tests/target/bench-classpath.new"
    mv "$LAUNCH_ROOT/tests/target/bench-classpath.new" "$BENCH_CLASSPATH_FILE"
    rm -f "$started"
  fi
}

bench_run() {
  local main=$1 options
  shift
  options=$(sed -n '/<farshore.jvm.options>/,/<\/farshore.jvm.options>/{s/<[^>]*>//g;p}' "$LAUNCH_ROOT/pom.xml")
  # Word splitting is wanted for both lists of options.
  # shellcheck disable=SC2086
  "$JAVA_HOME/bin/java" $options -Xmx1g ${FARSHORE_JAVA_OPTS:-} \
    -cp "$LAUNCH_ROOT/tests/target/test-classes:$LAUNCH_ROOT/tests/target/classes:$(cat "$BENCH_CLASSPATH_FILE")" \
    "$main" "$@"
}
