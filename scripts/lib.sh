# shellcheck shell=bash
# Shared by the scripts of this directory: which Java, which Maven, and a build that runs only when it has to.
# Sourced, not run. Whatever it has to say goes to stderr.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
plain=target/plain # where -DskipGates builds
packages="openjdk-17-jdk-headless maven"

fail() {
    printf '%s: %s\n' "$(basename "$0")" "$1" >&2
    exit 1
}

missing() {
    fail "$1; on Debian: apt-get install $packages"
}

# Sets java to a Java of at least 17: the one of JAVA_HOME, or the one on the PATH.
need_java() {
    java=java
    [ -z "${JAVA_HOME:-}" ] || java=$JAVA_HOME/bin/java
    command -v "$java" >/dev/null || missing "needs Java 17 or newer, there is no $java"

    local home version
    home=$(dirname "$(dirname "$(readlink -f "$(command -v "$java")")")")
    version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$home/release" 2>/dev/null || true)
    if [ -z "$version" ]; then
        version=$("$java" -version 2>&1 | sed -n '1s/.*version "\([0-9]*\).*/\1/p')
    fi
    [ "${version:-0}" -ge 17 ] || missing "needs Java 17 or newer, $java is ${version:-unknown}"
}

need_maven() {
    command -v mvn >/dev/null || missing "needs Maven to build, there is no mvn"
    [ -x "${java%java}javac" ] || command -v "${java}c" >/dev/null || missing "needs a JDK to build, $java has no javac"
}

# Runs Maven in the project, from the local repository alone when that has everything.
maven() {
    local log
    log=$(mktemp)
    if mvn -B -q -o -f "$root/pom.xml" "$@" >"$log" 2>&1; then
        rm "$log"
    elif grep -qE 'offline mode|has not been downloaded from it before' "$log"; then
        rm "$log"
        printf '%s: downloading what the build needs, once\n' "$(basename "$0")" >&2
        mvn -B -q -f "$root/pom.xml" "$@" >&2
    else
        cat "$log" >&2
        rm "$log"
        return 1
    fi
}

# Whether module $1 was built before and nothing it is made of has changed since.
is_built() {
    local stamp=$root/$1/$plain/built sources=() module entry entries
    [ -f "$stamp" ] || return 1
    for module in ipc launcher runtime "$1"; do
        sources+=("$root/$module/pom.xml" "$root/$module/src/main")
    done
    [ -z "$(find "$root/pom.xml" "${sources[@]}" -newer "$stamp" -print -quit)" ] || return 1
    IFS=: read -r -a entries <"$root/$1/$plain/classpath"
    for entry in "${entries[@]}"; do
        [ -e "$entry" ] || return 1
    done
}

# Builds module $1 and what it stands on, without gates and tests, unless that was done.
build() {
    ! is_built "$1" || return 0
    need_maven
    mkdir -p "$root/$1/$plain"
    (
        flock 9
        ! is_built "$1" || exit 0
        touch "$root/$1/$plain/building"
        maven -DskipGates -Denforcer.skip -pl "$1" -am compile \
            dependency:build-classpath -DincludeScope=runtime -Dmdep.outputFile="$plain/classpath" ||
            fail "the build failed"
        mv "$root/$1/$plain/building" "$root/$1/$plain/built"
    ) 9>"$root/$1/$plain/lock"
}

# Replaces this shell by the main class $2 of module $1.
run_main() {
    local module=$1 main=$2
    shift 2
    need_java
    build "$module"
    exec "$java" -Dmultijvm.project.home="$root" \
        -cp "$root/$module/$plain/classes:$(<"$root/$module/$plain/classpath")" "$main" "$@"
}
