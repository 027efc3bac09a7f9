// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/logs/job_log_parser.h"

#include "services/logs/section_mark.h"
#include "services/logs/sgr.h"

#include <algorithm>
#include <utility>

namespace faultline::logs {

namespace {

constexpr unsigned char escape = 0x1B;
constexpr unsigned char bell = 0x07;
constexpr std::size_t maxParameters = 256;
constexpr std::string_view eventMarker = "##faultline ";

bool isPlain(char c)
{
    return c >= 0x20 && c < 0x7F;
}

std::size_t eventIn(std::string_view text)
{
    const std::size_t at = text.find(eventMarker);
    const bool stands = at != std::string_view::npos && (at == 0 || text[at - 1] == ' ');
    return stands ? at + eventMarker.size() : LogLine::noEvent;
}

} // namespace

void JobLogParser::feed(std::string_view bytes, LogSink &sink)
{
    while (!bytes.empty()) {
        std::size_t taken = takeRun(bytes, sink);
        if (taken == 0) {
            take(static_cast<unsigned char>(bytes.front()), sink);
            taken = 1;
        }
        bytes.remove_prefix(taken);
    }
}

/// Plain ASCII at once; answers how many bytes were taken.
std::size_t JobLogParser::takeRun(std::string_view bytes, LogSink &sink)
{
    if (m_state != State::Text || m_returns != 0 || !m_utf8.isBetweenCharacters())
        return 0;
    const std::size_t room = std::min(bytes.size(), pieceSize - m_text.size());
    std::size_t length = 0;
    while (length < room && isPlain(bytes[length]))
        ++length;
    if (length == 0)
        return 0;
    const std::size_t from = m_text.size();
    m_text.append(bytes.substr(0, length));
    extendSpan(from);
    makeRoom(sink);
    return length;
}

void JobLogParser::take(unsigned char byte, LogSink &sink)
{
    switch (m_state) {
    case State::Header:
        takeHeader(byte, sink);
        break;
    case State::Text:
        takeText(byte, sink);
        break;
    case State::Escape:
        takeEscape(byte, sink);
        break;
    case State::Csi:
        takeCsi(byte, sink);
        break;
    case State::String:
    case State::StringEscape:
        takeString(byte, sink);
        break;
    }
}

void JobLogParser::takeHeader(unsigned char byte, LogSink &sink)
{
    m_header += static_cast<char>(byte);
    if (m_header.size() < LineHeader::size && mayBecomeLineHeader(m_header))
        return;
    const std::optional<LineHeader> header = parseLineHeader(m_header);
    if (!header) {
        headerFailed(sink);
        return;
    }
    m_header.clear();
    m_headers = Headers::Present;
    m_state = State::Text;
    if (m_isEnded && header->continues) {
        m_isEnded = false;
        return;
    }
    endLine(sink);
    m_lineHeader = *header;
    m_hasTime = true;
}

/// The physical line has no header: what was collected of it is text.
void JobLogParser::headerFailed(LogSink &sink)
{
    if (m_headers == Headers::Unknown)
        m_headers = Headers::Absent;
    endLine(sink);
    m_lineHeader = {};
    m_hasTime = false;
    m_state = State::Text;
    const std::string bytes = std::exchange(m_header, {});
    for (const char byte : bytes)
        take(static_cast<unsigned char>(byte), sink);
}

void JobLogParser::takeText(unsigned char byte, LogSink &sink)
{
    if (byte == '\n') {
        lineFeed(sink);
    } else if (byte == '\r') {
        flushCharacter();
        m_returns = std::min(m_returns + 1, 2);
    } else if (byte == escape) {
        flushCharacter();
        m_returnBeforeEscape = m_returns == 1;
        if (m_returnBeforeEscape)
            m_returns = 0;
        else
            resolveReturns();
        m_state = State::Escape;
    } else {
        resolveReturns();
        const std::size_t from = m_text.size();
        m_utf8.take(byte, m_text);
        extendSpan(from);
        makeRoom(sink);
    }
}

void JobLogParser::takeEscape(unsigned char byte, LogSink &sink)
{
    if (byte == '[') {
        m_parameters.clear();
        m_state = State::Csi;
    } else if (byte == ']' || byte == 'P' || byte == 'X' || byte == '^' || byte == '_') {
        m_state = State::String;
    } else if (byte >= 0x30 && byte < 0x7F) {
        endEscape(sink, false);
    } else if (byte < 0x20 || byte > 0x2F) {
        endEscape(sink, false);
        take(byte, sink);
    }
}

void JobLogParser::takeCsi(unsigned char byte, LogSink &sink)
{
    if (byte >= 0x20 && byte <= 0x3F) {
        if (m_parameters.size() < maxParameters)
            m_parameters += static_cast<char>(byte);
        return;
    }
    const bool isFinal = byte >= 0x40 && byte < 0x7F;
    const bool isStandard = std::all_of(m_parameters.begin(), m_parameters.end(),
        [](char c) { return (c >= '0' && c <= '9') || c == ';' || c == ':'; });
    if (byte == 'm' && isStandard)
        applySgr(m_parameters, m_style);
    endEscape(sink, byte == 'K' && (m_parameters == "0" || m_parameters.empty()));
    if (!isFinal)
        take(byte, sink);
}

void JobLogParser::takeString(unsigned char byte, LogSink &sink)
{
    const bool afterEscape = m_state == State::StringEscape;
    if (byte == '\n') {
        endEscape(sink, false);
        lineFeed(sink);
    } else if (byte == bell || (afterEscape && byte == '\\')) {
        endEscape(sink, false);
    } else if (afterEscape) {
        m_state = State::Escape;
        takeEscape(byte, sink);
    } else if (byte == escape) {
        m_state = State::StringEscape;
    }
}

/// An escape is over. A CR right before it cleared the line, unless both together close a section
/// mark.
void JobLogParser::endEscape(LogSink &sink, bool isEraseLine)
{
    m_state = State::Text;
    if (!std::exchange(m_returnBeforeEscape, false))
        return;
    if (!isEraseLine || !takeSectionMark(sink))
        clearLine();
}

void JobLogParser::lineFeed(LogSink &sink)
{
    flushCharacter();
    m_isEnded = true;
    if (m_headers == Headers::Present)
        m_state = State::Header;
    else
        endLine(sink);
}

/// Hands over the line that a line feed ended, if any.
void JobLogParser::endLine(LogSink &sink)
{
    if (!std::exchange(m_isEnded, false))
        return;
    m_returns = 0;
    const bool isRest = m_text.empty() && (m_continues || m_holdsMark);
    if (isRest) {
        m_spans.clear();
        m_continues = false;
    } else {
        emitLine(sink, false);
    }
    m_holdsMark = false;
}

void JobLogParser::resolveReturns()
{
    if (std::exchange(m_returns, 0) > 0)
        clearLine();
}

void JobLogParser::clearLine()
{
    m_text.clear();
    m_spans.clear();
}

void JobLogParser::flushCharacter()
{
    const std::size_t from = m_text.size();
    m_utf8.flush(m_text);
    extendSpan(from);
}

void JobLogParser::makeRoom(LogSink &sink)
{
    if (m_text.size() >= pieceSize && m_utf8.isBetweenCharacters())
        emitLine(sink, true);
}

void JobLogParser::extendSpan(std::size_t from)
{
    if (m_style.isPlain() || m_text.size() == from)
        return;
    const auto length = static_cast<std::uint32_t>(m_text.size() - from);
    const bool joins = !m_spans.empty() && m_spans.back().style == m_style
        && m_spans.back().from + m_spans.back().length == from;
    if (joins)
        m_spans.back().length += length;
    else if (m_spans.size() < maxSpans)
        m_spans.push_back({ static_cast<std::uint32_t>(from), length, m_style });
}

void JobLogParser::emitLine(LogSink &sink, bool goesOn)
{
    sink.line(pending());
    clearLine();
    m_continues = goesOn;
    m_nextIsSectionHeader = false;
}

bool JobLogParser::takeSectionMark(LogSink &sink)
{
    const std::optional<FoundMark> found = markAtEnd(m_text);
    if (!found)
        return false;
    m_text.resize(found->from);
    while (!m_spans.empty() && m_spans.back().from >= m_text.size())
        m_spans.pop_back();
    if (!m_spans.empty())
        m_spans.back().length = std::min(
            m_spans.back().length, static_cast<std::uint32_t>(m_text.size()) - m_spans.back().from);
    if (!m_text.empty())
        emitLine(sink, false);
    m_continues = false;
    m_holdsMark = true;
    if (found->isStart)
        startSection(found->mark, sink);
    else
        endSection(found->mark, sink);
    return true;
}

void JobLogParser::startSection(const SectionMark &mark, LogSink &sink)
{
    const bool isOpen
        = std::find(m_sections.begin(), m_sections.end(), mark.name) != m_sections.end();
    if (isOpen || m_sections.size() >= maxDepth)
        return;
    m_sections.push_back(mark.name);
    m_nextIsSectionHeader = true;
    sink.sectionStarted(mark);
}

void JobLogParser::endSection(const SectionMark &mark, LogSink &sink)
{
    if (std::find(m_sections.begin(), m_sections.end(), mark.name) == m_sections.end())
        return;
    m_nextIsSectionHeader = false;
    for (bool isReached = false; !isReached;) {
        SectionMark ended = mark;
        ended.name = std::move(m_sections.back());
        m_sections.pop_back();
        isReached = ended.name == mark.name;
        sink.sectionEnded(ended);
    }
}

LogLine JobLogParser::pending() const
{
    LogLine line;
    line.text = m_text;
    line.spans = m_spans;
    line.timeUs = m_hasTime ? m_lineHeader.timeUs : LogLine::noTime;
    line.isFromRunner = m_lineHeader.isFromRunner;
    line.isError = m_lineHeader.isError;
    line.continues = m_continues;
    line.isSectionHeader = m_nextIsSectionHeader;
    line.depth = static_cast<int>(m_sections.size());
    line.eventAt = eventIn(m_text);
    return line;
}

void JobLogParser::finish(LogSink &sink)
{
    if (!m_header.empty())
        headerFailed(sink);
    endLine(sink);
    flushCharacter();
    if (!m_text.empty())
        emitLine(sink, false);
    *this = JobLogParser();
}

} // namespace faultline::logs
