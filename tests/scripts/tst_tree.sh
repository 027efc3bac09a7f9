#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What holds for the files of the tree that no compiler looks at.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/checks.sh"
cd "$root"
sample=resources/sample-repo

scripts() { grep -rlE '^#!.*(bash|/sh)$' scripts .ci tests "$sample/helpers" | sort; }

scriptsAreCleanForShellcheck() {
    mapfile -t files < <(scripts)
    ((${#files[@]} > 5))
    shellcheck -x "${files[@]}" scripts/lib/*.sh tests/scripts/checks.sh
}
scriptsCarryTheirLicence() {
    local file
    for file in scripts/* scripts/lib/* .ci/* tests/scripts/* tests/layering/*; do
        [[ ! -f $file ]] || head -n 2 "$file" | grep -q 'SPDX-License-Identifier: GPL-3.0-or-later' || { echo "$file"; return 1; }
    done
}
scriptsStopAtTheFirstFailure() {
    local file
    for file in $(scripts); do
        head -n 15 "$file" | grep -qE '^set -e(uo pipefail|u)$' || { echo "$file"; return 1; }
    done
}
continuousIntegrationRunsTheTestsAndNothingElse() {
    [[ -x .ci/run && $(ls .ci) == run ]]
    [[ $(grep -vcE '^(#|set |cd |$)' .ci/run) == 1 ]]
    grep -qxF 'exec scripts/test' .ci/run
}
everyCaseOfTheSampleHasAJobAndAFolder() {
    local name
    for name in $(sed -n 's/^    cases: \[\(.*\)\]/\1/p' "$sample/suites.yaml" | tr -d ',' | tr ' ' '\n' | sort -u); do
        grep -qx "$name:" "$sample/.gitlab-ci.yml" || { echo "no job $name"; return 1; }
        [[ -n $(find "$sample/tests" -type d -name "$name") ]] || { echo "no folder $name"; return 1; }
    done
}
theSamplesJavaScriptParses() {
    find "$sample" -name '*.js' -print0 | while IFS= read -r -d '' file; do node --check "$file"; done
}
theSamplesCasesAreSeenByMocha() {
    NODE_PATH=/usr/share/nodejs mocha --dry-run --reporter "$sample/helpers/spec-and-junit.js" \
        --reporter-option "output=$work/junit.xml" "$sample/tests/**/*.test.js" >"$work/spec"
    expect 'kv-crud' "$(<"$work/spec")"
    refuses grep -q undefined "$work/spec"
    grep -q '<testsuite name="Mocha Tests"' "$work/junit.xml"
}
stackNamesAreShortCleanAndDated() {
    node -e "
        const assert = require('node:assert');
        const { newStackName } = require('$root/$sample/helpers/stack.js');
        const at = new Date('2026-01-02T03:04:05.678Z');
        assert.match(newStackName('Case_Node Shutdown!', at), /^case-node-shutdown-20260102030405-[0-9a-f]{4}\$/);
        const long = newStackName('x'.repeat(100), at);
        assert.strictEqual(long.length, 63);
        assert.match(long, /^x+-20260102030405-[0-9a-f]{4}\$/);
    "
}

check scriptsAreCleanForShellcheck
check scriptsCarryTheirLicence
check scriptsStopAtTheFirstFailure
check continuousIntegrationRunsTheTestsAndNothingElse
check everyCaseOfTheSampleHasAJobAndAFolder
check theSamplesJavaScriptParses
check theSamplesCasesAreSeenByMocha
check stackNamesAreShortCleanAndDated
totals
