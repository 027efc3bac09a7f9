// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/runs/workload_signs.h"

#include "services/cases/schema/quantities.h"
#include "services/runs/record/series_csv.h"
#include "services/runs/text.h"

#include <QFile>

#include <re2/re2.h>

#include <charconv>
#include <cmath>
#include <utility>
#include <vector>

namespace faultline::runs {

using namespace std::chrono_literals;

namespace {

constexpr auto progressGap = 1s;
constexpr qint64 longestProgress = 64;
constexpr int metricsToldEvery = 10; // seconds that the job's log hears of
constexpr std::size_t mostMetrics = 50;

/// "N/M" with N at most M.
std::optional<std::pair<std::int64_t, std::int64_t>> parseProgress(const QByteArray &text)
{
    const QByteArray line = text.trimmed();
    const qsizetype slash = line.indexOf('/');
    bool isDone = false;
    bool isTotal = false;
    const qint64 done = line.left(slash).trimmed().toLongLong(&isDone);
    const qint64 total = line.mid(slash + 1).trimmed().toLongLong(&isTotal);
    if (slash < 0 || !isDone || !isTotal || done < 0 || total <= 0 || done > total)
        return std::nullopt;
    return std::pair(done, total);
}

} // namespace

struct WorkloadSigns::Pattern
{
    re2::RE2 expression;
    std::vector<std::string> names; // by group, from 1; empty = not named
    std::vector<re2::StringPiece> groups;

    explicit Pattern(const std::string &text)
        : expression(text, re2::RE2::Quiet)
    {
        if (!expression.ok())
            return;
        const auto count = static_cast<std::size_t>(expression.NumberOfCapturingGroups());
        names.resize(count + 1);
        for (const auto &[number, name] : expression.CapturingGroupNames())
            names[static_cast<std::size_t>(number)] = name;
        if (count > 0 && expression.CapturingGroupNames().empty())
            names[1] = "value";
        groups.resize(count + 1);
    }
};

WorkloadSigns::WorkloadSigns(
    const cases::Workload &workload, QString progressFile, EventLog &events)
    : m_heartbeat(workload.heartbeat)
    , m_progressFile(workload.progress.empty() ? QString() : std::move(progressFile))
    , m_events(events)
{
    if (!workload.metrics.empty() && !workload.metrics.starts_with("http://"))
        m_pattern = std::make_unique<Pattern>(workload.metrics);
}

WorkloadSigns::~WorkloadSigns() = default;

void WorkloadSigns::begin(Clock::time_point now)
{
    m_begin = now;
    m_lastSign = now;
    m_silenceTold = false;
}

std::int64_t WorkloadSigns::secondAt(Clock::time_point now) const
{
    return std::chrono::duration_cast<std::chrono::seconds>(now - m_begin).count();
}

void WorkloadSigns::heard(std::string_view line, Clock::time_point now)
{
    m_lastSign = now;
    m_silenceTold = false;
    const re2::StringPiece text(line.data(), line.size());
    if (!m_pattern || !m_pattern->expression.ok()
        || !m_pattern->expression.Match(text, 0, text.size(), re2::RE2::UNANCHORED,
            m_pattern->groups.data(), static_cast<int>(m_pattern->groups.size())))
        return;
    std::map<std::string, double> values;
    for (std::size_t i = 1; i < m_pattern->groups.size(); ++i) {
        const re2::StringPiece &group = m_pattern->groups[i];
        double value = 0;
        const auto read = std::from_chars(group.data(), group.data() + group.size(), value);
        if (!m_pattern->names[i].empty() && !group.empty() && read.ec == std::errc()
            && std::isfinite(value))
            values[m_pattern->names[i]] = value;
    }
    measured(values, now);
}

void WorkloadSigns::measured(const std::map<std::string, double> &values, Clock::time_point now)
{
    if (secondAt(now) != m_valuesSecond)
        tellMetrics(now);
    for (const auto &[name, value] : values) {
        if (m_values.contains(name) || m_values.size() < mostMetrics)
            m_values[name] = value; // the last of a second counts
    }
}

void WorkloadSigns::tellMetrics(Clock::time_point now)
{
    const std::int64_t second = std::exchange(m_valuesSecond, secondAt(now));
    const auto values = std::exchange(m_values, {});
    if (values.empty())
        return;
    Json payload{ { "second", second }, { "values", Json::object() } };
    std::string sentence = "workload:";
    if (m_csv.empty())
        m_csv = metricsHeader;
    for (const auto &[name, value] : values) {
        payload["values"][name] = value;
        m_csv += metricsLine(second, name, value);
        sentence += ' ' + name + ' ' + Json(value).dump();
    }
    const bool isTold = m_metricsTold++ % metricsToldEvery == 0;
    m_events.write("workload.metrics", payload, isTold ? sentence : std::string());
}

void WorkloadSigns::readProgress(Clock::time_point now, bool isLast)
{
    if (m_progressFile.isEmpty() || (!isLast && now < m_nextLook))
        return;
    m_nextLook = now + progressGap;
    QFile file(m_progressFile);
    if (!file.open(QIODevice::ReadOnly))
        return; // not begun
    const auto read = parseProgress(file.read(longestProgress));
    if (!read || *read == std::pair(m_done, m_total))
        return; // being written, or as before
    std::tie(m_done, m_total) = *read;
    m_lastSign = now;
    m_silenceTold = false;
    Json payload{ { "done", m_done }, { "total", m_total } };
    QString sentence = Text::tr("workload: %1 of %2").arg(m_done).arg(m_total);
    if (const auto left = timeLeft(now)) {
        payload["leftMs"] = std::chrono::milliseconds(*left).count();
        sentence
            = Text::tr("workload: %1 of %2, %3 s left").arg(m_done).arg(m_total).arg(left->count());
    }
    m_events.write("workload.progress", payload, sentence.toStdString());
}

std::optional<std::chrono::seconds> WorkloadSigns::timeLeft(Clock::time_point now) const
{
    if (m_done <= 0 || m_done >= m_total)
        return std::nullopt;
    const double took = std::chrono::duration<double>(now - m_begin).count();
    const double left = took * static_cast<double>(m_total - m_done) / static_cast<double>(m_done);
    return std::chrono::seconds(static_cast<std::int64_t>(std::ceil(left)));
}

std::optional<Finding> WorkloadSigns::look(Clock::time_point now)
{
    readProgress(now, false);
    if (secondAt(now) != m_valuesSecond)
        tellMetrics(now);
    if (m_heartbeat.count() <= 0 || m_silenceTold || now - m_lastSign <= m_heartbeat)
        return std::nullopt;
    m_silenceTold = true;
    Finding out;
    out.kind = Finding::Kind::GaveUp;
    out.check = "workload.heartbeat";
    out.message = "The workload gave no sign for more than " + cases::durationText(m_heartbeat)
        + ": neither a line nor a step of its progress.";
    return out;
}

void WorkloadSigns::end(Clock::time_point now)
{
    readProgress(now, true);
    tellMetrics(now);
}

} // namespace faultline::runs
