// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/domain/pipeline.h"

#include <QHash>

#include <chrono>

/// When to ask GitLab, and for what (facts: gitlab.md §8). Pure functions.
namespace faultline::ci::gitlab {

using Pipelines = QHash<domain::PipelineId, domain::Pipeline>;

constexpr std::chrono::milliseconds idlePollInterval{ 10'000 };
constexpr std::chrono::milliseconds activePollInterval{ 4'000 };

/// A pipeline whose jobs may change without the pipeline's own times changing.
[[nodiscard]] bool needsWatching(const domain::Pipeline &pipeline);
[[nodiscard]] bool anyNeedsWatching(const Pipelines &known);

/// Until the next poll, spread by ±20 %; `random` is uniform in [0, 1).
[[nodiscard]] std::chrono::milliseconds pollDelay(bool isActive, double random);

/// `updated_after` of the next poll: the newest time that the server itself named, less a minute's
/// overlap. Invalid when nothing is known.
[[nodiscard]] QDateTime updatedAfter(const Pipelines &known);

/// Pipelines whose jobs must be read now: those that are new or different in `answer`, and those
/// that need watching; newest first.
[[nodiscard]] QList<domain::PipelineId> pipelinesToRead(
    const Pipelines &known, const QList<domain::Pipeline> &answer);

} // namespace faultline::ci::gitlab
