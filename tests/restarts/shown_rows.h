// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCryptographicHash>
#include <QMap>
#include <QString>
#include <QStringList>

namespace faultline::tests {

/// "v17" -> 17; 0 for anything else.
[[nodiscard]] inline qint64 versionOf(const QString &text)
{
    return text.startsWith(u'v') ? text.mid(1).toLongLong() : 0;
}

/// SHA-256 over rows in the order of their ids.
[[nodiscard]] inline QByteArray hashOf(const QMap<QString, QString> &rows)
{
    QCryptographicHash hash(QCryptographicHash::Sha256);
    for (auto it = rows.cbegin(); it != rows.cend(); ++it)
        hash.addData((it.key() + u'=' + it.value() + u'\n').toUtf8());
    return hash.result().toHex();
}

/// What a person sees, and each time that it went back in time. Rows carry their version as text.
class ShownRows
{
public:
    void show(const QString &id, const QString &version)
    {
        const qint64 number = versionOf(version);
        qint64 &newest = m_newest[id];
        if (number < newest)
            m_mistakes.append(
                QStringLiteral("%1 went from v%2 to %3").arg(id).arg(newest).arg(version));
        newest = qMax(newest, number);
        m_rows.insert(id, version);
    }
    void remove(const QString &id) { m_rows.remove(id); }
    void clear() { m_rows.clear(); }

    [[nodiscard]] const QMap<QString, QString> &rows() const { return m_rows; }
    [[nodiscard]] const QStringList &mistakes() const { return m_mistakes; }

private:
    QMap<QString, QString> m_rows;
    QMap<QString, qint64> m_newest; // also of rows that are gone
    QStringList m_mistakes;
};

} // namespace faultline::tests
