// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/runs/record/event_log.h"

#include "services/runs/record/plain_file.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <ctime>

#include <fcntl.h>
#include <unistd.h>

namespace faultline::runs {

Moment Moment::now()
{
    using namespace std::chrono;
    return { duration_cast<microseconds>(system_clock::now().time_since_epoch()).count(),
        duration_cast<nanoseconds>(steady_clock::now().time_since_epoch()).count() };
}

std::string timeText(std::int64_t wallMicros)
{
    const std::time_t seconds = wallMicros / 1'000'000;
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    char day[32];
    const std::size_t length = std::strftime(day, sizeof day, "%Y-%m-%dT%H:%M:%S", &parts);
    std::string fraction = std::to_string(1'000'000 + wallMicros % 1'000'000);
    fraction[0] = '.';
    return std::string(day, length) + fraction + 'Z';
}

std::string eventJson(
    const Moment &moment, const std::string &type, const std::string &run, const Json &payload)
{
    Json out{ { "t", timeText(moment.wallMicros) }, { "mono", moment.monoNanos }, { "type", type },
        { "run", run } };
    for (const auto &[key, value] : payload.items())
        out[key] = value;
    return out.dump(-1, ' ', false, Json::error_handler_t::replace);
}

namespace {

/// Twenty of these a second are common; the next event of another type takes them along.
bool isMeasurement(const std::string &type)
{
    return type == "probe.second" || type == "progress";
}

} // namespace

EventLog::EventLog(std::string run, Live live)
    : m_run(std::move(run))
    , m_live(std::move(live))
{
}

EventLog::~EventLog()
{
    if (m_file >= 0)
        close(m_file);
}

std::optional<std::string> EventLog::open(const std::string &path)
{
    const std::lock_guard lock(m_mutex);
    m_file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    if (m_file < 0)
        return path + ": " + std::strerror(errno);
    return syncFolder(path);
}

void EventLog::write(const std::string &type, const Json &payload, const std::string &sentence)
{
    const std::lock_guard lock(m_mutex); // the order of the lines is the order of the times
    const std::string json = eventJson(Moment::now(), type, m_run, payload);
    if (m_file >= 0 && !m_problem)
        m_problem = writeAll(m_file, json + '\n');
    if (m_file >= 0 && !m_problem && !isMeasurement(type) && ::fdatasync(m_file) != 0
        && errno != EINVAL)
        m_problem = std::string("events.jsonl: ") + std::strerror(errno);
    if (sentence.empty() || !m_live)
        return;
    std::string line = sentence; // a server's words may have several
    std::replace(line.begin(), line.end(), '\n', ' ');
    m_live(line, json);
}

std::optional<std::string> EventLog::problem() const
{
    const std::lock_guard lock(m_mutex);
    return m_problem;
}

} // namespace faultline::runs
