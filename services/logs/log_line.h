// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace faultline::logs {

/// How text looks, in the subset that GitLab shows (facts: gitlab.md §10 "ansi2json").
struct TextStyle
{
    enum Flag : std::uint8_t { Bold = 1, Italic = 2, Underline = 4, Conceal = 8, Strike = 16 };
    static constexpr std::int16_t defaultColour = -1;

    std::int16_t foreground = defaultColour; ///< 0…255 of the xterm palette, -1 default
    std::int16_t background = defaultColour;
    std::uint8_t flags = 0;

    [[nodiscard]] bool isPlain() const { return *this == TextStyle(); }
    friend bool operator==(const TextStyle &, const TextStyle &) = default;
};

/// A run of bytes with one style, which is never the plain one.
struct StyleSpan
{
    std::uint32_t from = 0; ///< byte offset in the line
    std::uint32_t length = 0;
    TextStyle style;

    friend bool operator==(const StyleSpan &, const StyleSpan &) = default;
};

/// One line as it should be shown. The views live as long as the call that hands them over.
struct LogLine
{
    static constexpr std::int64_t noTime = INT64_MIN;
    static constexpr std::size_t noEvent = std::string_view::npos;

    std::string_view
        text; ///< valid UTF-8 without line end, escapes and control characters; tabs stay
    std::span<const StyleSpan> spans; ///< ascending, not overlapping
    std::int64_t timeUs = noTime; ///< UTC, microseconds since 1970, from the runner's header
    bool isFromRunner = false; ///< the runner itself wrote it, not the script
    bool isError = false; ///< came from standard error
    bool continues = false; ///< a further piece of a line that is longer than 64 KiB
    bool isSectionHeader = false; ///< the first line of the section that was started last
    int depth = 0; ///< number of open sections around it
    std::size_t eventAt = noEvent; ///< where the JSON behind the marker "##faultline " starts
};

/// Start or end of a section of a job's log.
struct SectionMark
{
    std::string name;
    std::int64_t unixTime = 0; ///< seconds
    bool isCollapsed = false;
    bool hidesDuration = false;
};

/// Receives what JobLogParser finds, in the order of the log.
class LogSink
{
public:
    virtual ~LogSink() = default;
    virtual void line(const LogLine &line) = 0;
    /// Before the first line of the section.
    virtual void sectionStarted(const SectionMark &mark) = 0;
    /// After the last line of the section; every started one ends at most once, the inner ones
    /// first.
    virtual void sectionEnded(const SectionMark &mark) = 0;
};

} // namespace faultline::logs
