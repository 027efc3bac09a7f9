#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/checks.sh"

# log NAME END LINE…: one test's part of ctest's LastTest.log.
log() {
    printf '1/9 Testing: %s\n1/9 Test: %s\nOutput:\n----\n' "$1" "$1"
    local end=$2
    shift 2
    printf '%s\n' "$@" '<end of output>' 'Test time =   0.01 sec' '----' "$end" ''
}
count() { awk -f "$root/scripts/lib/count_tests.awk"; }

functionsAreCountedNotPrograms() {
    [[ $( (log a 'Test Passed.' 'Totals: 5 passed, 0 failed, 0 skipped, 0 blacklisted, 3ms'; log b 'Test Passed.' ok) | count) == '6 0 0' ]]
}
whatIsSkippedIsNamed() {
    local output
    output=$(log tst_x 'Test Passed.' 'SKIP   : X::needsNetem() no netem here' 'Totals: 2 passed, 0 failed, 1 skipped, 0 blacklisted' | count)
    expect 'skipped: tst_x: X::needsNetem() no netem here' "$output"
    expect '2 0 1' "$output"
}
aCrashCountsAsAFailure() {
    expect '0 1 0' "$(log tst_x 'Test Failed.' 'Segmentation fault' | count)"
    expect 'failed:  tst_x' "$(log tst_x 'Test Failed.' 'Segmentation fault' | count)"
}
aProgramThatFailsAfterItsTotalsIsAFailure() {
    expect '3 1 0' "$(log tst_x 'Test Failed.' 'Totals: 3 passed, 0 failed, 0 skipped, 0 blacklisted' 'LeakSanitizer' | count)"
}
failingFunctionsAreCountedAndNamed() {
    local output
    output=$(log tst_x 'Test Failed.' 'FAIL!  : X::adds() compared values differ' 'Totals: 3 passed, 2 failed, 0 skipped, 0 blacklisted' | count)
    expect '3 2 0' "$output"
    expect 'failed:  tst_x: X::adds()' "$output"
}
aProgramThatIsMissingIsAFailure() {
    expect '0 1 0' "$(printf '1/9 Testing: gone\nCommand: ""\nOutput:\n<end of output>\nTest Passed.\n' | count)"
}
aTestThatNeverEndedIsAFailure() {
    [[ $( (printf '1/9 Testing: hung\nOutput:\n'; log b 'Test Passed.' ok) | count | tail -n 1) == '1 1 0' ]]
}

check functionsAreCountedNotPrograms
check whatIsSkippedIsNamed
check aCrashCountsAsAFailure
check aProgramThatFailsAfterItsTotalsIsAFailure
check failingFunctionsAreCountedAndNamed
check aProgramThatIsMissingIsAFailure
check aTestThatNeverEndedIsAFailure
totals
