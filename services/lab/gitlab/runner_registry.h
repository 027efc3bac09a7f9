// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include "services/lab/gitlab/document_store.h"
#include "services/lab/gitlab/lab_runner.h"

namespace faultline::lab {

/// The runners of the project. Those that registered stay over a restart with their tokens; the
/// lab's own keep their ids and get fresh tokens. Lab thread; may throw StoreFailure.
class RunnerRegistry
{
public:
    explicit RunnerRegistry(DocumentStore &documents);

    /// Reads those of the last run and makes one per slot.
    void load(std::size_t slots, Milliseconds now);

    [[nodiscard]] const std::deque<LabRunner> &all() const { return m_runners; }
    [[nodiscard]] LabRunner *find(std::int64_t id);
    [[nodiscard]] LabRunner *byToken(std::string_view token);
    /// Fills in the id.
    LabRunner &add(LabRunner runner);
    void save(const LabRunner &runner);
    void remove(std::int64_t id);

    /// Notes that a runner was heard of, with what its request tells of the machine
    /// (`system_id`, `info`).
    void hear(LabRunner &runner, const nlohmann::json &request, Milliseconds now);
    /// What the runner's machine declared, for a job that it runs.
    [[nodiscard]] bool cancelsGracefully(std::int64_t runner);
    /// The registration token of the project, made when it is first asked for.
    [[nodiscard]] std::string registrationToken();

private:
    DocumentStore &m_documents;
    std::deque<LabRunner> m_runners;
    std::int64_t m_lastManager = 0;
};

/// True when the runner may take a job with these tags (a JSON list).
[[nodiscard]] bool takesTags(const LabRunner &runner, const std::string &jobTags);

} // namespace faultline::lab
