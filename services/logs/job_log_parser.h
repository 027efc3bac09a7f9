// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/logs/line_header.h"
#include "services/logs/log_line.h"
#include "services/logs/utf8_filter.h"

#include <string>
#include <string_view>
#include <vector>

namespace faultline::logs {

/// Reads a GitLab job log (facts: gitlab.md §10) from bytes that may be cut anywhere, with the same
/// result: timestamp header and its joins, sections, the SGR subset; other escapes are dropped; a
/// bare CR clears the line. Its state is bounded whatever arrives: a line is handed over in pieces
/// of 64 KiB. No Qt, no threads of its own.
class JobLogParser
{
public:
    static constexpr std::size_t pieceSize = 64 * 1024;
    static constexpr std::size_t maxSpans = 2048; ///< per piece; further style changes are not kept
    static constexpr std::size_t maxDepth
        = 32; ///< sections inside each other; deeper ones are not kept

    void feed(std::string_view bytes, LogSink &sink);
    /// The log is complete: hands over the last line even without a line end.
    void finish(LogSink &sink);

    /// The line that is still growing (or whose end is not sure yet); its views live until the next
    /// call.
    [[nodiscard]] LogLine pending() const;
    [[nodiscard]] bool hasPending() const { return m_isEnded || !m_text.empty(); }

private:
    enum class State { Header, Text, Escape, Csi, String, StringEscape };
    enum class Headers { Unknown, Present, Absent };

    std::size_t takeRun(std::string_view bytes, LogSink &sink);
    void take(unsigned char byte, LogSink &sink);
    void takeHeader(unsigned char byte, LogSink &sink);
    void headerFailed(LogSink &sink);
    void takeText(unsigned char byte, LogSink &sink);
    void takeEscape(unsigned char byte, LogSink &sink);
    void takeCsi(unsigned char byte, LogSink &sink);
    void takeString(unsigned char byte, LogSink &sink);
    void endEscape(LogSink &sink, bool isEraseLine);
    void lineFeed(LogSink &sink);
    void endLine(LogSink &sink);
    void flushCharacter();
    void resolveReturns();
    void clearLine();
    void makeRoom(LogSink &sink);
    void extendSpan(std::size_t from);
    void emitLine(LogSink &sink, bool goesOn);
    bool takeSectionMark(LogSink &sink);
    void startSection(const SectionMark &mark, LogSink &sink);
    void endSection(const SectionMark &mark, LogSink &sink);

    State m_state = State::Header;
    Headers m_headers = Headers::Unknown;
    std::string m_header; // bytes of a header that is not complete
    LineHeader m_lineHeader; // of the current line
    bool m_hasTime = false;
    bool m_isEnded = false; // a line feed came; the next header may still join
    bool m_continues = false; // the current piece continues a long line
    bool m_holdsMark = false; // a section mark stood in the current physical line
    bool m_nextIsSectionHeader = false;
    int m_returns = 0; // CRs that are not followed by anything yet
    bool m_returnBeforeEscape = false; // exactly one CR came right before the escape under way
    std::string m_parameters; // of the CSI under way
    Utf8Filter m_utf8;
    TextStyle m_style; // carries over line ends
    std::string m_text;
    std::vector<StyleSpan> m_spans;
    std::vector<std::string> m_sections; // open ones, outermost first
};

} // namespace faultline::logs
