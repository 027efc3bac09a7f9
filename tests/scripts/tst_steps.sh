#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/checks.sh"
export XDG_STATE_HOME="$work/state"

in_a_script() { bash -euo pipefail -c "source '$root/scripts/lib/steps.sh'; $1" a-script 2>&1; }

aStepSaysHowLongItTook() {
    expect 'done in 0.' "$(in_a_script 'step "Doing nothing" "nothing" true')"
}
aStepThatFailsShowsItsOutputAndWhatToDo() {
    local output status=0
    output=$(in_a_script 'step "Breaking" "mend it" sh -c "echo the cause; exit 7"; echo went on') || status=$?
    ((status == 1))
    expect 'the cause' "$output"
    expect 'exit code 7' "$output"
    expect 'Next: mend it' "$output"
    [[ $output != *'went on'* ]]
}
aStepOfAFunctionStopsAtItsFirstFailingCommand() {
    local output
    output=$(in_a_script 'broken() { false; touch "'"$work"'/went-on"; }; step "Breaking" "x" broken' || true)
    expect 'FAILED: Breaking' "$output"
    [[ ! -e $work/went-on ]]
}
aProcessIsKnownByPidAndStartTime() {
    sleep 60 &
    local process=$!
    in_a_script "remember_process '$work/one' $process; is_remembered '$work/one'"
    printf '%s 12345\n' "$process" >"$work/other"
    refuses in_a_script "is_remembered '$work/other'"
    in_a_script "end_remembered '$work/other' 1 other"
    kill -0 "$process" # still there: the pid alone does not make it ours
    in_a_script "end_remembered '$work/one' 5 one"
    refuses kill -0 "$process" 2>/dev/null
    [[ ! -e $work/one ]]
}
aProcessThatIgnoresTheRequestIsKilled() {
    bash -c 'trap "" TERM; while :; do sleep 1; done' &
    local process=$!
    in_a_script "remember_process '$work/stubborn' $process"
    expect 'killing it' "$(in_a_script "end_remembered '$work/stubborn' 1 stubborn")"
    refuses kill -0 "$process" 2>/dev/null
}
waitingEndsAtItsDeadline() {
    refuses in_a_script 'wait_until 1 false'
    in_a_script 'wait_until 1 true'
}

check aStepSaysHowLongItTook
check aStepThatFailsShowsItsOutputAndWhatToDo
check aStepOfAFunctionStopsAtItsFirstFailingCommand
check aProcessIsKnownByPidAndStartTime
check aProcessThatIgnoresTheRequestIsKilled
check waitingEndsAtItsDeadline
totals
