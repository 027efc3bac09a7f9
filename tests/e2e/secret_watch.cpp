// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/e2e/secret_watch.h"

#include <QDir>
#include <QDirIterator>
#include <QFile>

#include <algorithm>
#include <utility>

namespace faultline::tests {

SecretWatch::SecretWatch(QList<QByteArray> secrets)
    : m_secrets(std::move(secrets))
    , m_thread([this] { run(); })
{
}

SecretWatch::~SecretWatch()
{
    m_ends = true;
    m_thread.join();
}

QStringList SecretWatch::found() const
{
    const std::lock_guard lock(m_mutex);
    return m_found;
}

void SecretWatch::run()
{
    while (!m_ends) {
        const QStringList entries
            = QDir(QStringLiteral("/proc")).entryList(QDir::Dirs | QDir::NoDotAndDotDot);
        for (const QString &entry : entries) {
            if (!entry.front().isDigit())
                continue;
            QFile file(QStringLiteral("/proc/%1/cmdline").arg(entry));
            if (file.open(QIODevice::ReadOnly)) // gone by now otherwise
                lookAt(file.readAll());
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(2)); // leaves the machine to the case
    }
}

void SecretWatch::lookAt(const QByteArray &commandLine)
{
    ++m_looks;
    for (const QByteArray &secret : m_secrets) {
        if (!commandLine.contains(secret))
            continue;
        QByteArray words = commandLine;
        words.replace(secret, "[secret]").replace('\0', ' ');
        const std::lock_guard lock(m_mutex);
        m_found += QString::fromUtf8(words);
        m_found.removeDuplicates();
    }
}

QStringList filesWithSecrets(
    const QString &folder, const QList<QByteArray> &secrets, const QStringList &allowed)
{
    QStringList out;
    QDirIterator files(folder, QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
    while (files.hasNext()) {
        const QString path = files.next();
        const bool isAllowed = std::any_of(allowed.begin(), allowed.end(),
            [&](const QString &prefix) { return path.startsWith(prefix + QLatin1Char('/')); });
        QFile file(path);
        if (isAllowed || !file.open(QIODevice::ReadOnly))
            continue;
        const QByteArray bytes = file.readAll();
        if (std::any_of(secrets.begin(), secrets.end(),
                [&](const QByteArray &secret) { return bytes.contains(secret); }))
            out += path;
    }
    return out;
}

} // namespace faultline::tests
