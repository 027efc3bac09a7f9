// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/domain/result.h"
#include "services/domain/stack.h"

#include <QJsonObject>

#include <chrono>
#include <map>

namespace faultline::faults {

/// The container that a fault acts on, as it was when the fault was asked for.
struct FaultTarget
{
    domain::ContainerId id;
    QString dockerId;
    QString name;
    domain::HostId host;
    domain::ServiceId service;
    int startCount = 0;
    QString startedAt; ///< as its engine wrote it; empty when nobody can tell
};
[[nodiscard]] FaultTarget targetOf(const domain::Container &container);

/// One fault on one container.
struct FaultSpec
{
    QString id; ///< "f-" and 16 hexadecimal digits
    QString kind;
    std::map<std::string, std::string> arguments; ///< as people write them
    std::chrono::milliseconds lease{ 30'000 };
    std::chrono::milliseconds duration{ 0 };
    FaultTarget target;
    QStringList peers; ///< addresses; empty = everybody but the target itself
};

[[nodiscard]] QString newFaultId();

/// What is wrong with the kind or its arguments, with what would be right; ErrorKind::Invalid.
[[nodiscard]] domain::Result<void> checkArguments(
    const QString &kind, const std::map<std::string, std::string> &arguments);

/// The fault as the agent reads it. Arguments that only the controller knows (`from`, `shape`) are
/// left out; times are in ms, rates in bytes a second.
[[nodiscard]] QByteArray agentJson(const FaultSpec &spec);

} // namespace faultline::faults
