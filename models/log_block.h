// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/logs/job_log_parser.h"

#include <string>
#include <vector>

namespace faultline::models {

/// Some lines of a log in one UTF-8 buffer, with their offsets and styles. 24 bytes a line beside
/// its text.
struct LogBlock
{
    static constexpr std::size_t fullText = 1024 * 1024;

    struct Line
    {
        std::int64_t timeUs = logs::LogLine::noTime;
        std::uint32_t textEnd = 0; ///< in `text`
        std::uint32_t spansEnd = 0; ///< in `spans`
        std::int16_t depth = 0;
        bool isFromRunner = false;
        bool isError = false;
        bool continues = false;
        bool isSectionHeader = false;
        bool isEvent = false;
    };
    struct Mark
    {
        logs::SectionMark mark;
        bool isStart = false;
        int line
            = 0; ///< in this block: the first line of a start, the one after the last of an end
    };

    std::string text;
    std::vector<Line> lines;
    std::vector<logs::StyleSpan> spans;
    std::vector<Mark> marks;

    [[nodiscard]] bool isFull() const { return text.size() >= fullText; }
    [[nodiscard]] logs::LogLine line(std::size_t index) const;
    void append(const logs::LogLine &line);
};

/// Collects what a parser says in a block.
class LogBlockWriter : public logs::LogSink
{
public:
    explicit LogBlockWriter(LogBlock &block)
        : m_block(block)
    {
    }
    void line(const logs::LogLine &line) override { m_block.append(line); }
    void sectionStarted(const logs::SectionMark &mark) override { add(mark, true); }
    void sectionEnded(const logs::SectionMark &mark) override { add(mark, false); }

private:
    void add(const logs::SectionMark &mark, bool isStart)
    {
        m_block.marks.push_back({ mark, isStart, static_cast<int>(m_block.lines.size()) });
    }

    LogBlock &m_block;
};

} // namespace faultline::models
