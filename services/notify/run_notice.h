// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDateTime>
#include <QList>
#include <QString>
#include <QStringList>

namespace faultline::notify {

/// What people are told of a run that ended. Plain text everywhere.
struct RunNotice
{
    struct Container
    {
        QString name;
        QString host;
        QString ports; ///< "32768->2379"; may be empty
    };
    struct Link
    {
        QString label;
        QString url; ///< http, https or faultline
    };

    QString caseName;
    QString verdict; ///< word: "pass", "fail", …
    QString run;
    QString seed;
    QString team;
    QString person;
    QStringList mentions; ///< Slack ids ("U012AB3CD"), "here", "channel", or names
    QString anomaly; ///< the first one's sentence; may be empty
    QStringList anomalyLines; ///< two lines of its log; may be empty
    QString trouble; ///< why the infrastructure failed; may be empty
    QString stack; ///< when it was kept
    QDateTime expires; ///< of the scene; invalid when it was not kept
    QList<Container> containers;
    QString commit;
    QList<Link> links;
};

} // namespace faultline::notify
