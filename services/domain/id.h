// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QHashFunctions>
#include <QMetaType>
#include <QString>

#include <utility>

namespace faultline::domain {

/// An identifier that can't be mixed up with another kind's. `Value` is what the server uses: text for Rancher
/// ("1st5"), 64-bit numbers for GitLab (never doubles: ids pass 2^53 in fuzzed answers).
template <typename Tag, typename Value = QString>
class Id
{
public:
    Id() = default;
    explicit Id(Value value)
        : m_value(std::move(value))
    {
    }

    [[nodiscard]] const Value &value() const { return m_value; }
    [[nodiscard]] bool isEmpty() const { return m_value == Value(); }

    friend bool operator==(const Id &, const Id &) = default;
    friend bool operator<(const Id &a, const Id &b) { return a.m_value < b.m_value; }
    friend size_t qHash(const Id &id, size_t seed = 0) { return ::qHash(id.m_value, seed); }

private:
    Value m_value {};
};

using ProjectId = Id<struct ProjectTag>; ///< Rancher environment
using StackId = Id<struct StackTag>;
using ServiceId = Id<struct ServiceTag>;
using ContainerId = Id<struct ContainerTag>;
using HostId = Id<struct HostTag>;

using PipelineId = Id<struct PipelineTag, qint64>;
using JobId = Id<struct JobTag, qint64>;
using RunnerId = Id<struct RunnerTag, qint64>;
using ScheduleId = Id<struct ScheduleTag, qint64>;

} // namespace faultline::domain
