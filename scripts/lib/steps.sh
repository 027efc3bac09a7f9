# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# What every script here shares: printed and timed steps, the state folder, and root when it is needed. To be sourced.

# shellcheck disable=SC2034 # read by the scripts that source this
FAULTLINE_ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
FAULTLINE_STATE="${XDG_STATE_HOME:-${HOME:-/root}/.local/state}/faultline"
export LC_ALL=C.UTF-8

# Microseconds since the epoch.
now_us() { printf '%s' "${EPOCHREALTIME/[.,]/}"; }

# seconds_since MICROSECONDS: "1.2 s".
seconds_since() {
    local tenths=$((($(now_us) - $1) / 100000))
    printf '%d.%d s' $((tenths / 10)) $((tenths % 10))
}

# Progress goes to stderr: stdout is for results.
say() { printf '%s\n' "$*" >&2; }

# fail WHAT NEXT…: one sentence of what failed, then what to do about it.
fail() {
    say "FAILED: $1"
    shift
    local hint
    for hint in "$@"; do say "  Next: $hint"; done
    exit 1
}

# step TITLE NEXT COMMAND…: runs the command with its output kept in a log; prints title, outcome and time. When the
# command fails, shows the end of the log and NEXT, and ends the script. FAULTLINE_VERBOSE=1 shows all output live.
step() {
    local title=$1 next=$2 log begin=0 status=0
    shift 2
    mkdir -p "$FAULTLINE_STATE/logs"
    log="$FAULTLINE_STATE/logs/$(basename "$0")-$(printf '%s' "$title" | tr -cs 'A-Za-z0-9' '-' | cut -c1-40).log"
    begin=$(now_us)
    say "• $title …"
    # In a subshell and not behind || or if, where a function would go on after its first failing command.
    set +e
    if [[ -n ${FAULTLINE_VERBOSE:-} ]]; then
        (set -e; "$@") >&2
    else
        (set -e; "$@") >"$log" 2>&1
    fi
    status=$?
    set -e
    if ((status != 0)); then
        [[ -n ${FAULTLINE_VERBOSE:-} ]] || tail -n 40 "$log" >&2
        fail "$title (after $(seconds_since "$begin"), exit code $status; whole output: $log)" "$next"
    fi
    say "  done in $(seconds_since "$begin")"
}

# as_root COMMAND…: through sudo unless this is root already.
as_root() {
    if ((EUID == 0)); then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo -- "$@"
    else
        fail "this step needs root: $*" "run it as root, or install sudo and allow it for $(id -un)"
    fi
}

# wait_until SECONDS COMMAND…: true as soon as the command is; false at the deadline.
wait_until() {
    local deadline=$(($(now_us) + $1 * 1000000))
    shift
    until "$@" >/dev/null 2>&1; do
        (($(now_us) < deadline)) || return 1
        sleep 0.1
    done
}

# process_started PID: the kernel's start time of a process (clock ticks after boot); fails when there is none. With
# the pid it names one process for good, so that a reused pid is never taken for ours.
process_started() {
    local stat
    stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 1
    stat=${stat##*) }
    # shellcheck disable=SC2086 # the fields are wanted one by one
    set -- $stat
    [[ $1 != Z ]] && printf '%s' "${20}"
}

# remember_process FILE PID, is_remembered FILE: a process that a script of ours started, by pid and start time.
remember_process() { printf '%s %s\n' "$2" "$(process_started "$2")" >"$1"; }
is_remembered() {
    local pid started
    [[ -r $1 ]] && read -r pid started <"$1" && [[ $(process_started "$pid") == "$started" ]]
}

# end_remembered FILE SECONDS TITLE: SIGTERM, then SIGKILL at the deadline; only the very process that was remembered.
end_remembered() {
    local file=$1 pid
    if is_remembered "$file"; then
        read -r pid _ <"$file"
        as_root kill -TERM "$pid" 2>/dev/null || true
        if ! wait_until "$2" is_gone "$file"; then
            say "  $3 (pid $pid) did not end within $2 s: killing it"
            as_root kill -KILL "$pid" 2>/dev/null || true
            wait_until 5 is_gone "$file" || fail "$3 (pid $pid) does not end" "look at it with: ps -fp $pid"
        fi
    fi
    rm -f "$file"
}
is_gone() { ! is_remembered "$1"; }
