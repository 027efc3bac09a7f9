// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/age_words.h"

#include <QCoreApplication>

#include <algorithm>

namespace faultline::models {

QString durationWords(qint64 ms)
{
    const qint64 seconds = std::max<qint64>(0, ms / 1000);
    const qint64 minutes = seconds / 60;
    const qint64 hours = minutes / 60;
    if (seconds < 60)
        return QCoreApplication::translate("duration", "%1 s").arg(seconds);
    if (minutes < 60)
        return QCoreApplication::translate("duration", "%1 min").arg(minutes);
    if (hours >= 48)
        return QCoreApplication::translate("duration", "%1 d").arg(hours / 24);
    return minutes % 60 == 0
        ? QCoreApplication::translate("duration", "%1 h").arg(hours)
        : QCoreApplication::translate("duration", "%1 h %2 min").arg(hours).arg(minutes % 60);
}

QString ageWords(const QDateTime &from, const QDateTime &now)
{
    return from.isValid() ? durationWords(from.msecsTo(now)) : QString();
}

} // namespace faultline::models
