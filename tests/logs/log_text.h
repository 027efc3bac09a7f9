// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/logs/job_log_parser.h"

#include <sstream>
#include <string>

namespace faultline::logs::testing {

/// Writes everything a parser says as text, one line per call, to compare and to read.
class LogText : public LogSink
{
public:
    [[nodiscard]] std::string text() const { return m_out.str(); }

    void line(const LogLine &line) override
    {
        m_out << "line";
        if (line.timeUs != LogLine::noTime)
            m_out << " t=" << line.timeUs;
        m_out << (line.isFromRunner ? " runner" : "") << (line.isError ? " error" : "")
              << (line.continues ? " continues" : "") << (line.isSectionHeader ? " header" : "");
        if (line.depth > 0)
            m_out << " depth=" << line.depth;
        m_out << " [" << line.text << "]";
        for (const StyleSpan &span : line.spans) {
            m_out << " " << span.from << "+" << span.length << ":" << span.style.foreground << "/"
                  << span.style.background << "/" << static_cast<int>(span.style.flags);
        }
        if (line.eventAt != LogLine::noEvent)
            m_out << " event@" << line.eventAt;
        m_out << "\n";
    }
    void sectionStarted(const SectionMark &mark) override
    {
        m_out << "start " << mark.name << " " << mark.unixTime
              << (mark.isCollapsed ? " collapsed" : "")
              << (mark.hidesDuration ? " hidesDuration" : "") << "\n";
    }
    void sectionEnded(const SectionMark &mark) override
    {
        m_out << "end " << mark.name << " " << mark.unixTime << "\n";
    }

private:
    std::ostringstream m_out;
};

inline std::string parsed(std::string_view bytes, std::size_t cut = 0)
{
    JobLogParser parser;
    LogText out;
    parser.feed(bytes.substr(0, cut), out);
    parser.feed(bytes.substr(cut), out);
    parser.finish(out);
    return out.text();
}

} // namespace faultline::logs::testing
