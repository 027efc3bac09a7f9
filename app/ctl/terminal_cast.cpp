// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/terminal_cast.h"

#include <QDateTime>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace faultline::ctl {

QString TerminalCast::open(const QString &path, const QString &title)
{
    m_file.setFileName(path);
    if (!m_file.open(QIODevice::WriteOnly | QIODevice::NewOnly))
        return m_file.errorString();
    m_file.setPermissions(QFile::ReadOwner | QFile::WriteOwner); // it may show secrets
    m_begin = std::chrono::steady_clock::now();
    const QJsonObject head{ { QStringLiteral("version"), 2 }, { QStringLiteral("width"), 80 },
        { QStringLiteral("height"), 24 },
        { QStringLiteral("timestamp"), QDateTime::currentSecsSinceEpoch() },
        { QStringLiteral("title"), title } };
    const QByteArray line = QJsonDocument(head).toJson(QJsonDocument::Compact) + '\n';
    return m_file.write(line) == line.size() && m_file.flush() ? QString() : m_file.errorString();
}

void TerminalCast::add(const QByteArray &bytes)
{
    const QString text = m_decoder.decode(bytes);
    if (text.isEmpty())
        return;
    const std::chrono::duration<double> since = std::chrono::steady_clock::now() - m_begin;
    const QByteArray line = QJsonDocument(QJsonArray{ since.count(), QStringLiteral("o"), text })
                                .toJson(QJsonDocument::Compact)
        + '\n';
    m_isWhole = m_file.write(line) == line.size() && m_file.flush() && m_isWhole;
}

} // namespace faultline::ctl
