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
    fail "$1; on Debian: apt-get install $packages${JAVA_HOME:+, and unset JAVA_HOME}"
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
    need_paths
}

# Java finds nothing on a path that the locale cannot spell, and no class path has a colon in a name.
need_paths() {
    case $root in *:*) fail "there is a colon in $root, which Java takes for the end of a path; move the project" ;; esac
    [ "$(locale charmap 2>/dev/null)" != ANSI_X3.4-1968 ] || export LC_ALL=C.UTF-8
}

need_maven() {
    command -v mvn >/dev/null || missing "needs Maven to build, there is no mvn"
    [ -x "${java%java}javac" ] || command -v "${java}c" >/dev/null || missing "needs a JDK to build, $java has no javac"
}

# Runs Maven in the project, or on the file pom, from the local repository alone when that has everything.
maven() {
    local log
    log=$(mktemp)
    if mvn -B -q -o -f "${pom:-$root/pom.xml}" "$@" >"$log" 2>&1; then
        rm "$log"
    elif grep -qE 'offline mode|has not been downloaded from it before' "$log"; then
        rm "$log"
        printf '%s: downloading what the build needs, once\n' "$(basename "$0")" >&2
        mvn -B -q -f "${pom:-$root/pom.xml}" "$@" >&2
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
    mkdir -p "$root/$1/$plain" 2>/dev/null || true
    [ -w "$root/$1/$plain" ] ||
        fail "cannot write to $root/$1/$plain, and has to build there: use a clone of your own"
    (
        flock 9
        ! is_built "$1" || exit 0
        touch "$root/$1/$plain/building"
        maven -DskipGates -Denforcer.skip -Dmaven.test.skip -pl "$1" -am package \
            dependency:build-classpath -DincludeScope=runtime -Dmdep.outputFile="$plain/dependencies" ||
            fail "the build failed"
        # All jars: a JVM makes no archive of classes in directories.
        printf '%s:%s' "$root/$1/$plain"/multijvm-*.jar "$(<"$root/$1/$plain/dependencies")" \
            >"$root/$1/$plain/classpath"
        mv "$root/$1/$plain/building" "$root/$1/$plain/built"
    ) 9>"$root/$1/$plain/lock"
}

# Prints the JVM options that make class path $1 load faster, one a line: none, unless there is an archive of classes
# for it that is what was checked when it was made, and jars that are what they were then.
archive_options() {
    local home=~ cache info stamps paths options=()
    cache=${XDG_CACHE_HOME:-$home/.cache}/multijvm/archives
    home=$(dirname "$(dirname "$(readlink -f "$(command -v "$java")")")")
    [ -d "$cache" ] || return 0
    # KEY-queues.info comes after KEY.info, and is preferred.
    while read -r info; do
        if ! grep -qxF "java=$home/bin/java" "$info" || grep -q '^option=' "$info"; then
            continue
        fi
        mapfile -t stamps < <(sed -n 's/^jar=//p; s/^archive=//p' "$info")
        paths=("${stamps[@]#* * }")
        if [ "$(stat -c '%s %Y %n' -- "${paths[@]}" 2>/dev/null)" = "$(printf '%s\n' "${stamps[@]}")" ]; then
            mapfile -t options < <(sed -n 's/^use=//p' "$info")
        fi
    done < <(grep -lxF "classpath=$1" "$cache"/*.info 2>/dev/null | LC_ALL=C sort -r)
    [ ${#options[@]} -eq 0 ] || printf '%s\n' "${options[@]}"
}

# Replaces this shell by the main class $2 of module $1.
run_main() {
    local module=$1 main=$2 classpath options
    shift 2
    need_java
    build "$module"
    classpath=$(<"$root/$module/$plain/classpath")
    mapfile -t options < <(archive_options "$classpath")
    exec "$java" "${options[@]}" -Dmultijvm.project.home="$root" -cp "$classpath" "$main" "$@"
}
