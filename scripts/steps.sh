# How every script here begins, tells what it does, and stops. Sourced, not run.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1 PYTHONUTF8=1

doing=
say() { printf '\n== %s\n' "$*"; }
note() { printf '   %s\n' "$*"; }
die() {
    printf '\nStopped: %s\n' "$1" >&2
    shift
    [ $# -eq 0 ] || printf '   %s\n' "$@" >&2
    doing=
    exit 1
}
stopped() {
    local status=$?
    [ $status -eq 0 ] || [ -z "$doing" ] || printf '\nStopped: "%s" failed (exit %s).\n' "$doing" $status >&2
}
trap stopped EXIT

# step WHAT COMMAND...: a heading, the command, how long it took. The first failure ends the script: COMMAND
# stands alone here, because within `if` or `||` bash would go on past a failure inside a function.
step() {
    local began=$SECONDS
    doing=$1
    say "$doing"
    shift
    "$@"
    note "$((SECONDS - began)) s"
    doing=
}
