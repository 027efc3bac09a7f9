// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/logs/utf8_filter.h"

namespace faultline::logs {

namespace {
constexpr const char *replacement = "\xEF\xBF\xBD";
}

void Utf8Filter::take(unsigned char byte, std::string &out)
{
    if (m_expected == 0) {
        start(byte, out);
        return;
    }
    if (byte < m_low || byte > m_high) {
        flush(out);
        start(byte, out);
        return;
    }
    m_low = 0x80;
    m_high = 0xBF;
    m_bytes[static_cast<std::size_t>(m_count++)] = static_cast<char>(byte);
    if (m_count < m_expected)
        return;
    const bool isC1 = m_count == 2 && static_cast<unsigned char>(m_bytes[0]) == 0xC2 && byte < 0xA0;
    if (isC1)
        out += replacement;
    else
        out.append(m_bytes.data(), static_cast<std::size_t>(m_count));
    m_expected = 0;
}

void Utf8Filter::flush(std::string &out)
{
    if (m_expected != 0)
        out += replacement;
    m_expected = 0;
}

void Utf8Filter::start(unsigned char byte, std::string &out)
{
    if (byte >= 0x20 && byte < 0x7F) {
        out += static_cast<char>(byte);
        return;
    }
    if (byte == '\t') {
        out += '\t';
        return;
    }
    if (byte < 0x80) { // U+2400 + n, U+2421 for DEL
        out += "\xE2\x90";
        out += static_cast<char>(0x80 + (byte == 0x7F ? 0x21 : byte));
        return;
    }
    m_low = byte == 0xE0 ? 0xA0 : (byte == 0xF0 ? 0x90 : 0x80);
    m_high = byte == 0xED ? 0x9F : (byte == 0xF4 ? 0x8F : 0xBF);
    m_expected = byte >= 0xC2 && byte <= 0xDF
        ? 2
        : (byte >= 0xE0 && byte <= 0xEF ? 3 : (byte >= 0xF0 && byte <= 0xF4 ? 4 : 0));
    if (m_expected == 0) {
        out += replacement;
        return;
    }
    m_bytes[0] = static_cast<char>(byte);
    m_count = 1;
}

} // namespace faultline::logs
