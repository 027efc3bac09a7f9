// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/net/across_threads.h"
#include "services/scenes/scene.h"

#include <string>
#include <vector>

namespace faultline::scenes {

/// What is wanted of a stack before it goes.
struct EvidenceOrder
{
    domain::Stack stack;
    stacks::StackSnapshot snapshot;
    QString target; ///< path of the archive (tar.gz)
    QStringList paths; ///< files and folders to take out of every container
    bool wantsCores = false; ///< core files, too
    std::vector<std::string> secrets; ///< known ones, to be masked
    std::chrono::milliseconds limit{ 120'000 };
    net::CancelToken token;
};

struct EvidenceReport
{
    QString path;
    qint64 bytes = 0;
    int containers = 0;
    QStringList missing; ///< what could not be had, one sentence each
};

/// Saves the logs of every container from its start, what the orchestrator tells of each, and the
/// scene's own note, with secrets masked, as one archive. What could not be had is told in the
/// report and in the archive. Call it on a flow thread.
[[nodiscard]] domain::Result<EvidenceReport> saveEvidence(
    stacks::StackBackend &backend, const EvidenceOrder &order);

} // namespace faultline::scenes
