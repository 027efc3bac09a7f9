// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QList>
#include <QString>
#include <QStringList>

#include <atomic>
#include <mutex>
#include <thread>

namespace faultline::tests {

/// Looks at the command lines of every process of this machine, again and again, in a thread of
/// its own, and remembers those that hold one of the secrets.
class SecretWatch
{
public:
    explicit SecretWatch(QList<QByteArray> secrets);
    ~SecretWatch();
    SecretWatch(const SecretWatch &) = delete;
    SecretWatch &operator=(const SecretWatch &) = delete;

    /// Command lines that held a secret, with the secret blotted out.
    [[nodiscard]] QStringList found() const;
    /// How many processes were looked at so far, each as often as it was looked at.
    [[nodiscard]] long looks() const { return m_looks; }

private:
    void run();
    void lookAt(const QByteArray &commandLine);

    const QList<QByteArray> m_secrets;
    mutable std::mutex m_mutex;
    QStringList m_found;
    std::atomic<long> m_looks{ 0 };
    std::atomic<bool> m_ends{ false };
    std::thread m_thread;
};

/// Files below `folder` that hold one of the secrets; those below one of `allowed` are left out.
[[nodiscard]] QStringList filesWithSecrets(
    const QString &folder, const QList<QByteArray> &secrets, const QStringList &allowed);

} // namespace faultline::tests
