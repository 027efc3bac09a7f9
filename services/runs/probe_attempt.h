// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/cases/schema/case_file.h"
#include "services/net/call.h"
#include "services/runs/probe_sockets.h"
#include "services/runs/sql_login.h"

#include <QObject>
#include <QStringList>

#include <functional>

namespace faultline::runs {

/// Where a probe looks now: "host:port" of each candidate; asked at every attempt, since a
/// container that starts again may be published elsewhere. Called on the probes' thread.
using Resolve = std::function<QStringList(const std::string &role, int port)>;

/// Runs a command inside a container of the role, another one each time, and gives its exit code.
/// The answer comes on the calling thread.
using ExecInside = std::function<net::Call(const std::string &role, const QStringList &words,
    std::int64_t number, domain::Done<int> done)>;

/// What attempts are made with.
struct ProbeWays
{
    ProbeSockets &sockets;
    const Resolve &resolve;
    const ExecInside &inside;
    const SqlPasswords &passwords;
};

/// How an attempt ended.
struct AttemptEnd
{
    bool isOk = false;
    std::string why = {}; ///< it failed, in the server's words; empty where nobody tells
};

/// Starts one attempt of a probe; `done` is called exactly once, at the latest after the probe's
/// timeout, on this thread, and never from inside this function. Several candidates are tried one
/// after another from `number` on, as a client with a list of addresses does: the attempt succeeds
/// when one of them answers. An answer is an open connection (tcp), a status below 400 (http), exit
/// code 0 of the command on this machine or inside a container (exec), the rows that are expected,
/// over a connection of the attempt's own (sql).
void startAttempt(const ProbeWays &ways, const cases::Probe &probe, std::int64_t number,
    std::function<void(const AttemptEnd &)> done);

/// The part of "role:port/path" before and after the first ':'; port 0 when there is none.
struct ProbeTarget
{
    std::string role;
    int port = 0;
    std::string path; ///< with its "/"; may be empty
};
[[nodiscard]] ProbeTarget probeTarget(const std::string &text);

} // namespace faultline::runs
