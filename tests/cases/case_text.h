// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace faultline::tests {

/// A case without a fault of its own; each test changes one thing in it.
inline std::string goodCase()
{
    return R"(apiVersion: faultline/v1
kind: Case
metadata:
  name: leader-kill
  title: The leader is killed
  owner: {team: storage, person: ada}
  severity: blocker
  knownIssues:
    - {match: "context deadline", issue: "#12", until: 2030-01-01}
parameters:
  chaos: {type: duration, default: 60s, min: 10s, max: 10m}
  clients: {type: int, default: 4, min: 1, max: 64}
topology:
  compose: compose/docker-compose.yml
  rancherCompose: compose/rancher-compose.yml
  roles:
    etcd: {service: etcd, scale: 3}
    client: {service: client, scale: 1}
  ready:
    - {id: port, kind: tcp, target: "etcd:2379"}
workload:
  command: "bench --clients ${{ clients }}"
  where: runner
probes:
  - {id: put, kind: exec, target: etcd, command: [etcdctl, put, a, b], every: 100ms, timeout: 2s}
phases:
  - {name: warmup, duration: 10s}
  - {name: chaos, duration: "${{ chaos }}", faults: all}
  - {name: heal, duration: 20s, healAll: true}
timeout: 10m
faults:
  - id: kill-leader
    kind: process.kill
    target: {role: etcd, pick: leader, leaderCommand: "helpers/leader"}
    args: {signal: KILL}
    schedule: {every: 30s, jitter: 5s}
  - id: slow-net
    kind: network.delay
    target: {role: etcd, pick: minority}
    args: {delay: 100ms}
    schedule: {poisson: 40s, for: 10s}
checks:
  - id: writes-go-on
    kind: probe.availability
    with: {probe: put, maxOutage: 5s}
retention:
  fail: {keep: true, ttl: 24h, extendMax: 72h, warnBefore: 2h}
)";
}

/// The good case with `from` (which must be in it) replaced.
inline std::string changedCase(const std::string &from, const std::string &to)
{
    std::string text = goodCase();
    const std::size_t at = text.find(from);
    return at == std::string::npos ? "the test's own text is not in the case"
                                   : text.replace(at, from.size(), to);
}

} // namespace faultline::tests
