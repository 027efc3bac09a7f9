// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/runner/job_log.h"

#include <array>
#include <cstdio>
#include <ctime>
#include <utility>

namespace faultline::lab {

namespace {

constexpr std::size_t longestLine = 8192; // longer ones are shown in pieces

// "2026-01-31T12:34:56.123456Z 01O" and then " " or "+".
std::string timestampHeader(
    std::chrono::system_clock::time_point now, JobLog::Stream stream, bool continues)
{
    const auto micros
        = std::chrono::duration_cast<std::chrono::microseconds>(now.time_since_epoch()).count();
    const std::time_t seconds = static_cast<std::time_t>(micros / 1'000'000);
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), "%04d-%02d-%02dT%02d:%02d:%02d.%06dZ %s%c",
        parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min,
        parts.tm_sec, static_cast<int>(micros % 1'000'000),
        stream == JobLog::Stream::runner             ? "00O"
            : stream == JobLog::Stream::scriptOutput ? "01O"
                                                     : "01E",
        continues ? '+' : ' ');
    return text.data();
}

} // namespace

JobLog::JobLog(std::vector<std::string> secrets, std::size_t limit, Clock clock)
    : m_sources{ Source{ Masker(secrets), {}, false }, Source{ Masker(secrets), {}, false },
        Source{ Masker(std::move(secrets)), {}, false } }
    , m_limit(limit)
    , m_clock(std::move(clock))
{
}

void JobLog::write(Stream stream, std::string_view bytes)
{
    append(stream, m_sources[static_cast<std::size_t>(stream)].masker.feed(bytes));
}

void JobLog::line(std::string_view text)
{
    write(Stream::runner, text);
    write(Stream::runner, "\n");
}

void JobLog::beginSection(std::string_view name, std::string_view header)
{
    const std::time_t now = std::chrono::system_clock::to_time_t(m_clock());
    line("\033[0Ksection_start:" + std::to_string(now) + ":" + std::string(name)
        + "\r\033[0K\033[0K\033[36;1m" + std::string(header) + "\033[0;m");
}

// Without a line end, as gitlab-runner does: what follows stands on the same physical line.
void JobLog::endSection(std::string_view name)
{
    const std::time_t now = std::chrono::system_clock::to_time_t(m_clock());
    write(Stream::runner,
        "\033[0Ksection_end:" + std::to_string(now) + ":" + std::string(name) + "\r\033[0K");
}

void JobLog::append(Stream stream, std::string_view shown)
{
    Source &source = m_sources[static_cast<std::size_t>(stream)];
    source.partial += shown;
    std::size_t start = 0;
    for (std::size_t end = 0; (end = source.partial.find('\n', start)) != std::string::npos;
         start = end + 1)
        emit(stream, std::string_view(source.partial).substr(start, end - start));
    source.partial.erase(0, start);
    while (source.partial.size() > longestLine) {
        emit(stream, std::string_view(source.partial).substr(0, longestLine));
        source.continues = true;
        source.partial.erase(0, longestLine);
    }
}

void JobLog::emit(Stream stream, std::string_view content)
{
    Source &source = m_sources[static_cast<std::size_t>(stream)];
    const bool ofScript = stream != Stream::runner;
    const bool continues = std::exchange(source.continues, false);
    if (m_full && ofScript)
        return;
    if (ofScript && m_text.size() + content.size() > m_limit) {
        m_full = true;
        for (const std::string &notice :
            { "\033[33;1mJob's log exceeded limit of " + std::to_string(m_limit) + " bytes.",
                std::string(
                    "Job execution will continue but no more output will be collected.\033[0;m") })
            m_text += timestampHeader(m_clock(), Stream::runner, false) + notice + "\n";
        return;
    }
    // "+" joins to the physical line before, whoever wrote it.
    const bool joined = continues && m_lastPartial == stream;
    m_text += timestampHeader(m_clock(), stream, joined);
    m_text += content;
    m_text += '\n';
    m_lastPartial = stream;
}

void JobLog::flushPartialLines()
{
    for (const Stream stream : { Stream::scriptOutput, Stream::scriptError }) {
        Source &source = m_sources[static_cast<std::size_t>(stream)];
        if (source.partial.empty())
            continue;
        emit(stream, source.partial);
        source.partial.clear();
        source.continues = true;
    }
}

void JobLog::finish()
{
    for (const Stream stream : { Stream::scriptOutput, Stream::scriptError, Stream::runner }) {
        Source &source = m_sources[static_cast<std::size_t>(stream)];
        append(stream, source.masker.finish());
        if (!source.partial.empty() && stream != Stream::runner) {
            emit(stream, source.partial);
            source.partial.clear();
        }
        source.continues = false;
    }
}

} // namespace faultline::lab
