#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# scripts/engine and scripts/images for real: an engine of its own beside whichever runs already.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/checks.sh"
export XDG_STATE_HOME="$work/state" FAULTLINE_ENGINE=own
unset DOCKER_HOST
clean_up() { "$root/scripts/engine" stop --purge >/dev/null 2>&1 || true; rm -rf "$work"; }
trap clean_up EXIT
as_root() { if ((EUID == 0)); then "$@"; else sudo -n "$@"; fi; }
engine() { "$root/scripts/engine" "$@"; }
# The bridges of the engine's networks. Other engines of this machine make and remove theirs meanwhile.
bridges_of() {
    docker -H "$1" network ls -q --filter driver=bridge | xargs -r docker -H "$1" network inspect \
        -f '{{with index .Options "com.docker.network.bridge.name"}}{{.}}{{else}}br-{{slice $.ID 0 12}}{{end}}'
}
# What of ours is left: processes that name the folder of this test, and the given bridges.
traces() {
    pgrep -af "$work/state" | grep -v scripts/engine || true
    local bridge
    for bridge in $1; do [[ ! -e /sys/class/net/$bridge ]] || echo "$bridge"; done
}

anEngineOfOurOwnStartsAndAnswers() {
    local host
    host=$(engine start | tail -n 1)
    [[ $host == unix://* ]]
    docker -H "$host" version >/dev/null
    [[ $(engine status) == "$host" ]]
}
startingTwiceGivesTheSameOne() {
    [[ $(engine start) == "$(engine start)" ]]
}
theImagesAreBuiltOnceOnly() {
    "$root/scripts/images"
    expect 'up to date' "$("$root/scripts/images" 2>&1)"
    [[ $("$root/scripts/images" 2>&1) != *Building* ]]
}
anEtcdFromTheImageAnswers() {
    local host
    host=$(engine status)
    docker -H "$host" run -d --rm --name etcd faultline/etcd:3.4 >/dev/null
    timeout 20 sh -c "until docker -H $host exec etcd etcdctl endpoint health 2>/dev/null; do sleep 0.2; done"
    docker -H "$host" rm -f etcd >/dev/null
}
stoppingLeavesNothing() {
    local bridges bridge
    bridges=$(bridges_of "$(engine status)")
    [[ -n $bridges ]]
    for bridge in $bridges; do [[ -e /sys/class/net/$bridge ]]; done
    engine stop
    [[ -z $(traces "$bridges") ]] || { traces "$bridges"; return 1; }
    refuses engine status
}
stoppingAfterAKillLeavesNothing() {
    local host bridges
    host=$(engine start)
    "$root/scripts/images" "$host"
    docker -H "$host" network create orphan >/dev/null
    docker -H "$host" run -d --network orphan faultline/busybox:1 sleep 4242 >/dev/null
    bridges=$(bridges_of "$host")
    as_root kill -KILL "$(cut -d ' ' -f 1 "$work/state/faultline/engine/process")"
    engine stop
    [[ -z $(traces "$bridges") ]] || { traces "$bridges"; return 1; }
    refuses pgrep -f '^sleep 4242$'
}
purgingRemovesTheData() {
    engine stop --purge
    [[ ! -e $work/state/faultline/engine ]]
}
anUnknownCommandIsRefusedWithAHint() {
    expect 'scripts/engine start' "$(engine dance 2>&1 || true)"
}

functions=(anEngineOfOurOwnStartsAndAnswers startingTwiceGivesTheSameOne theImagesAreBuiltOnceOnly
    anEtcdFromTheImageAnswers stoppingLeavesNothing stoppingAfterAKillLeavesNothing purgingRemovesTheData)
for function in "${functions[@]}"; do
    if ((EUID == 0)) || sudo -n true 2>/dev/null; then check "$function"; else skip "$function" "needs root"; fi
done
check anUnknownCommandIsRefusedWithAHint
totals
