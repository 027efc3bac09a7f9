// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <nlohmann/json.hpp>

#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>

namespace faultline::runs {

/// Keys in the order of writing.
using Json = nlohmann::ordered_json;

/// One moment on both clocks.
struct Moment
{
    std::int64_t wallMicros = 0; ///< since 1970, UTC
    std::int64_t monoNanos = 0; ///< of the machine's steady clock

    [[nodiscard]] static Moment now();
};

/// RFC 3339 in UTC with microseconds.
[[nodiscard]] std::string timeText(std::int64_t wallMicros);

/// One event as events.jsonl holds it, without the line's end: `t`, `mono`, `type`, `run`, then the
/// payload's keys.
[[nodiscard]] std::string eventJson(
    const Moment &moment, const std::string &type, const std::string &run, const Json &payload);

/// Writes a run's events: each is one line of the file, handed to the system before write()
/// returns, and one line for the job's log. What is more than a measurement is on the disk before
/// the log hears of it, so that no loss of power takes back what was told. Thread-safe.
class EventLog
{
public:
    /// What goes into the job's log: a sentence, and the event's JSON.
    using Live = std::function<void(const std::string &sentence, const std::string &json)>;

    EventLog(std::string run, Live live);
    ~EventLog();
    EventLog(const EventLog &) = delete;
    EventLog &operator=(const EventLog &) = delete;

    /// Opens the file for appending; the reason when that fails.
    [[nodiscard]] std::optional<std::string> open(const std::string &path);

    /// Without a sentence it goes into the file only.
    void write(const std::string &type, const Json &payload, const std::string &sentence = {});

    /// Why an event could not be written (a full disk); the first such reason. Nothing is written
    /// to the file after it, so that it ends in whole lines and at most one torn one.
    [[nodiscard]] std::optional<std::string> problem() const;

    [[nodiscard]] const std::string &run() const { return m_run; }

private:
    const std::string m_run;
    const Live m_live;
    mutable std::mutex m_mutex;
    int m_file = -1;
    std::optional<std::string> m_problem;
};

/// What precedes an event's JSON in a job's log.
inline constexpr const char *eventMarker = "##faultline ";

} // namespace faultline::runs
