// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/log_text.h"

namespace faultline::ctl {

namespace {

constexpr qsizetype longestLine = 64 * 1024;
constexpr qsizetype stampLength = 32;
constexpr qsizetype stampTimeLength = 28;
constexpr char escape = '\x1b';

bool isStamp(const QByteArray &line)
{
    // 2026-01-31T12:34:56.123456Z 01O␠
    return line.size() >= stampLength && line[10] == 'T' && line[26] == 'Z' && line[27] == ' '
        && (line[30] == 'O' || line[30] == 'E') && (line[31] == ' ' || line[31] == '+');
}

bool isFinal(char c)
{
    return c >= '@' && c <= '~';
}

/// Length of the escape sequence at `at`, at least 1.
qsizetype sequenceLength(const QByteArray &text, qsizetype at)
{
    if (at + 1 >= text.size())
        return 1;
    const char kind = text[at + 1];
    qsizetype end = at + 2;
    if (kind == '[') {
        while (end < text.size() && !isFinal(text[end]))
            ++end;
        return std::min(end + 1, text.size()) - at;
    }
    if (kind == ']' || kind == 'P' || kind == '_' || kind == '^' || kind == 'X') {
        while (end < text.size() && text[end] != '\a' && text[end] != escape)
            ++end;
        if (end + 1 < text.size() && text[end] == escape && text[end + 1] == '\\')
            ++end;
        return std::min(end + 1, text.size()) - at;
    }
    return 2;
}

/// "section_start:UNIX:NAME[opt]\r" at `at`: its length with the "\r", or 0.
qsizetype sectionLength(const QByteArray &text, qsizetype at)
{
    if (text.indexOf("section_start:", at) != at && text.indexOf("section_end:", at) != at)
        return 0;
    const qsizetype end = text.indexOf('\r', at);
    return end < 0 ? 0 : end + 1 - at;
}

bool isC1(const QByteArray &text, qsizetype at)
{
    return static_cast<unsigned char>(text[at]) == 0xc2 && at + 1 < text.size()
        && static_cast<unsigned char>(text[at + 1]) >= 0x80
        && static_cast<unsigned char>(text[at + 1]) <= 0x9f;
}

bool isDropped(char c)
{
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\n' && c != '\r' && c != '\t') || byte == 0x7f;
}

} // namespace

LogText::LogText(Options options)
    : m_options(options)
{
}

QByteArray LogText::add(const QByteArray &bytes)
{
    m_rest += bytes;
    QByteArray out;
    qsizetype start = 0;
    for (;;) {
        const qsizetype end = m_rest.indexOf('\n', start);
        if (end < 0)
            break;
        out += cleaned(m_rest.mid(start, end + 1 - start));
        start = end + 1;
    }
    m_rest.remove(0, start);
    if (m_rest.size() > longestLine) {
        out += cleaned(m_rest);
        m_rest.clear();
    }
    return out;
}

QByteArray LogText::finish()
{
    const QByteArray rest = m_rest;
    m_rest.clear();
    return rest.isEmpty() ? rest : cleaned(rest);
}

QByteArray LogText::cleaned(const QByteArray &line)
{
    QByteArray out;
    qsizetype at = 0;
    if (m_options.isJobLog) {
        if (m_isFirst)
            m_hasTimestamps = isStamp(line);
        if (m_hasTimestamps && isStamp(line)) {
            at = stampLength;
            if (m_options.keepTimestamps)
                out = line.left(stampTimeLength);
        }
    }
    m_isFirst = false;
    while (at < line.size()) {
        if (line[at] == escape) {
            const qsizetype length = sequenceLength(line, at);
            const bool isColour = line.mid(at, 2) == "\x1b[" && line[at + length - 1] == 'm';
            if (isColour && m_options.keepColours)
                out += line.mid(at, length);
            at += length;
        } else if (const qsizetype section
            = m_options.isJobLog && line[at] == 's' ? sectionLength(line, at) : 0) {
            at += section;
        } else if (isC1(line, at)) {
            at += 2;
        } else {
            if (!isDropped(line[at]))
                out += line[at];
            ++at;
        }
    }
    // A line that held nothing but a section's marker is no line of the log.
    if (m_options.isJobLog && out == "\n" && line.contains("section_"))
        return {};
    return out;
}

} // namespace faultline::ctl
