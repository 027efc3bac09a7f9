// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/faults/fault_report.h"

#include <QJsonDocument>

namespace faultline::faults {

namespace {

constexpr qsizetype longestLine = 256 << 10;
constexpr qsizetype longestText = 2'000;

QString textAt(const QJsonObject &object, const char *key)
{
    QString out = object.value(QLatin1StringView(key)).toString().left(longestText);
    for (QChar &c : out) {
        if (!c.isPrint() && c != u'\n')
            c = u' '; // shown in terminals
    }
    return out;
}

} // namespace

std::optional<FaultReport> parseReport(const QByteArray &line)
{
    const qsizetype begin = line.indexOf('{'); // a log's own stamp may stand before it
    if (begin < 0 || line.size() > longestLine)
        return std::nullopt;
    const QJsonObject object = QJsonDocument::fromJson(line.mid(begin)).object();
    const auto state = faultStateNamed(object.value(QLatin1StringView("state")).toString());
    if (!state || !object.contains(QLatin1StringView("fault")))
        return std::nullopt;
    FaultReport out;
    out.fault = textAt(object, "fault");
    out.state = *state;
    out.at = textAt(object, "at");
    out.uptime = object.value(QLatin1StringView("uptime")).toDouble();
    out.mechanism = textAt(object, "mechanism");
    out.detail = textAt(object, "detail");
    out.measured = object.value(QLatin1StringView("measured")).toObject();
    out.undo = textAt(object, "undo");
    out.leaseLeft = object.value(QLatin1StringView("leaseLeft")).toDouble();
    return out;
}

std::optional<FaultReport> lastReport(const QByteArray &log, const QString &fault)
{
    qsizetype end = log.size();
    while (end > 0) {
        const qsizetype mark = end < 2 ? -1 : log.lastIndexOf('\n', end - 2);
        auto report = parseReport(log.mid(mark + 1, end - mark - 1).trimmed());
        if (report && report->fault == fault)
            return report;
        end = mark + 1;
        if (mark < 0)
            break;
    }
    return std::nullopt;
}

} // namespace faultline::faults
