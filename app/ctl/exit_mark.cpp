// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/exit_mark.h"

#include <algorithm>

namespace faultline::ctl {

ExitMark::ExitMark(const QByteArray &secret)
    : m_mark("\x1e" + secret + ':')
{
}

QStringList ExitMark::wrapped(const QStringList &command, qint64 input) const
{
    const QString source = input < 0 ? QString() : QStringLiteral("head -c %1 | ").arg(input);
    // The mark is made of letters and digits: it needs no quoting.
    const QString script = source
        + QStringLiteral("\"$@\" 2>&1; printf '\\036%1:%d.' $?")
              .arg(QString::fromLatin1(m_mark.mid(1).chopped(1)));
    return QStringList{ QStringLiteral("/bin/sh"), QStringLiteral("-c"), script,
        QStringLiteral("sh") }
    + command;
}

QByteArray ExitMark::add(const QByteArray &bytes)
{
    if (m_exitCode)
        return {};
    m_held += bytes;
    const qsizetype found = m_held.indexOf(m_mark);
    if (found >= 0) {
        const QByteArray behind = m_held.mid(found + m_mark.size());
        const qsizetype end = behind.indexOf('.');
        if (end >= 0)
            m_exitCode = behind.left(end).toInt();
        const QByteArray shown = m_held.left(found);
        m_held = m_exitCode ? QByteArray() : m_held.mid(found);
        return shown;
    }
    const qsizetype possible = m_held.lastIndexOf('\x1e');
    const bool mayBegin = possible >= 0 && m_mark.startsWith(m_held.mid(possible));
    const QByteArray shown = mayBegin ? m_held.left(possible) : m_held;
    m_held.remove(0, shown.size());
    return shown;
}

QByteArray ExitMark::finish()
{
    return std::exchange(m_held, {});
}

} // namespace faultline::ctl
