// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/lab/gitlab/pipeline_starter.h"

namespace faultline::lab {

/// Starts the child pipelines of bridges: same commit, the configuration and the variables that the
/// bridge's `trigger` names. Lab thread.
class BridgeStarter
{
public:
    BridgeStarter(GitLabContext &context, PipelineStarter &starter);

    void start(const JobRecord &bridge);
    /// Those that a killed lab left waiting.
    void startWaiting();

private:
    [[nodiscard]] int depthOf(PipelineRecord pipeline);
    void finish(
        std::int64_t bridge, bool waits, const tl::expected<PipelineRecord, std::string> &child);
    void fail(std::int64_t bridge, const std::string &reason);

    GitLabContext &m_context;
    PipelineStarter &m_starter;
};

} // namespace faultline::lab
