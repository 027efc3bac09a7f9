# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# The little that the shell tests share. A test is a function whose name is a sentence, run by `check`; the totals
# are printed as QtTest does, so that scripts/test counts them alike.

# shellcheck disable=SC2034 # read by the tests that source this
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
work=$(mktemp -d)
passes=0 failures=0 skips=0

check() {
    local output status
    set +e
    output=$(set -e; "$1" 2>&1)
    status=$?
    set -e
    if ((status == 0)); then
        echo "PASS   : $1"
        passes=$((passes + 1))
    else
        printf 'FAIL!  : %s\n%s\n' "$1" "$output"
        failures=$((failures + 1))
    fi
}

# skip FUNCTION REASON: what this machine can't do, by name.
skip() {
    echo "SKIP   : $1 $2"
    skips=$((skips + 1))
}

totals() {
    rm -rf "$work"
    echo "Totals: $passes passed, $failures failed, $skips skipped, 0 blacklisted"
    ((failures == 0))
}

# expect TEXT IN: fails when TEXT is not in IN.
expect() {
    [[ $2 == *"$1"* ]] || { printf 'expected "%s" in:\n%s\n' "$1" "$2"; return 1; }
}

# refuses COMMAND…: the command must fail (`! command` would not stop a function in its middle).
refuses() {
    if "$@"; then
        echo "should have failed: $*"
        return 1
    fi
}
