// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/connections.h"
#include "tests/ctl/fake_ci_backend.h"
#include "tests/ctl/fake_stack_backend.h"

#include <QJsonObject>
#include <QProcessEnvironment>

#include <chrono>
#include <optional>

namespace faultline::tests {

/// Connections to two backends in memory.
class FakeConnections : public ctl::Connections
{
public:
    FakeStackBackend stackBackend;
    FakeCiBackend ciBackend;
    QString token; ///< the trigger token
    bool isConfigured = true;

    [[nodiscard]] domain::Result<void> check() override { return {}; }
    [[nodiscard]] domain::Result<stacks::StackBackend *> stacks() override;
    [[nodiscard]] domain::Result<ci::CiBackend *> ci() override;
    [[nodiscard]] domain::Result<QString> triggerToken() override { return token; }
    [[nodiscard]] QString stacksUrl() override;
    [[nodiscard]] QString ciUrl() override;
};

struct Outcome
{
    int exitCode = -1;
    QString out;
    QString err;

    [[nodiscard]] QJsonObject json() const;
};

struct RunOptions
{
    QProcessEnvironment environment;
    std::optional<std::chrono::milliseconds> cancelAfter;
    bool outIsTerminal = false;
};

/// Runs a command line ("rm", "one", "--wait") with replaced streams and a poll interval of 20 ms.
[[nodiscard]] Outcome runCommand(
    FakeConnections &connections, const QStringList &arguments, const RunOptions &options = {});

} // namespace faultline::tests
