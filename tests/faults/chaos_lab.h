// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/e2e/lab_process.h"

#include <QJsonArray>
#include <QJsonObject>
#include <QProcess>

#include <memory>

namespace faultline::tests {

/// A lab with one stack "kv" of `members` containers that know each other, and a ledger of its own.
class ChaosLab
{
public:
    /// Why faults can't be tried here; empty when they can: an engine, and the agent's image.
    [[nodiscard]] static QString whyNot();

    /// The reason when it could not be started.
    [[nodiscard]] QString start(int members = 3);

    [[nodiscard]] LabProcess &lab() { return m_lab; }
    /// Runs faultlinectl with --output json.
    [[nodiscard]] QJsonObject json(const QStringList &arguments) const;
    [[nodiscard]] ProgramOutcome ctl(const QStringList &arguments) const;
    /// "chaos inject KIND --stack kv …" as a program that goes on.
    [[nodiscard]] std::unique_ptr<QProcess> inject(const QStringList &arguments) const;
    /// Faults that are not over.
    [[nodiscard]] QJsonArray faults() const;
    [[nodiscard]] QString stateOf(const QString &id) const;

    /// Docker's id of the member "node-N".
    [[nodiscard]] QString member(int number) const;
    /// What of ours is in a container's network; empty when nothing is.
    [[nodiscard]] QString residue(const QString &dockerId) const;
    /// Names of helper containers, running or not.
    [[nodiscard]] QStringList helpers() const;
    [[nodiscard]] QProcessEnvironment environment() const;
    [[nodiscard]] QString ledgerFile() const;

private:
    LabProcess m_lab;
};

} // namespace faultline::tests
