// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/gitlab/xml_reader.h"

#include <array>
#include <charconv>

namespace faultline::lab {

namespace {

constexpr std::string_view blanks = " \t\r\n";

void appendUtf8(std::string &out, unsigned code)
{
    const auto byte = [&out](unsigned value) { out += static_cast<char>(value); };
    if (code < 0x80) {
        byte(code);
    } else if (code < 0x800) {
        byte(0xC0 | code >> 6);
        byte(0x80 | (code & 0x3F));
    } else if (code < 0x10000) {
        byte(0xE0 | code >> 12);
        byte(0x80 | (code >> 6 & 0x3F));
        byte(0x80 | (code & 0x3F));
    } else if (code < 0x110000) {
        byte(0xF0 | code >> 18);
        byte(0x80 | (code >> 12 & 0x3F));
        byte(0x80 | (code >> 6 & 0x3F));
        byte(0x80 | (code & 0x3F));
    }
}

// "&lt;" and the like; what is no entity stays as it is.
void appendEntity(std::string &out, std::string_view name)
{
    static constexpr std::array<std::pair<std::string_view, char>, 5> named
        = { { { "lt", '<' }, { "gt", '>' }, { "amp", '&' }, { "quot", '"' }, { "apos", '\'' } } };
    for (const auto &[word, letter] : named)
        if (word == name) {
            out += letter;
            return;
        }
    if (name.starts_with('#')) {
        const bool hexadecimal = name.substr(1).starts_with('x');
        const std::string_view digits = name.substr(hexadecimal ? 2 : 1);
        unsigned code = 0;
        const auto [end, error] = std::from_chars(
            digits.data(), digits.data() + digits.size(), code, hexadecimal ? 16 : 10);
        if (error == std::errc() && end == digits.data() + digits.size())
            return appendUtf8(out, code);
    }
    out += '&';
    out += name;
    out += ';';
}

std::string_view takenWord(std::string_view &rest, std::string_view until)
{
    const std::size_t end = std::min(rest.find_first_of(until), rest.size());
    const std::string_view word = rest.substr(0, end);
    rest.remove_prefix(end);
    return word;
}

void skipBlanks(std::string_view &rest)
{
    rest.remove_prefix(std::min(rest.find_first_not_of(blanks), rest.size()));
}

} // namespace

XmlReader::XmlReader(std::string_view xml)
    : m_rest(xml)
{
    if (m_rest.starts_with("\xEF\xBB\xBF"))
        m_rest.remove_prefix(3);
}

XmlReader::Token XmlReader::next()
{
    if (m_closesItself) {
        m_closesItself = false;
        --m_depth;
        return Token::close;
    }
    while (!m_rest.empty()) {
        if (m_rest.front() != '<') {
            const std::string_view text = m_rest.substr(0, m_rest.find('<'));
            m_rest.remove_prefix(text.size());
            m_text = decoded(text);
            return Token::text;
        }
        if (m_rest.starts_with("<![CDATA[")) {
            const std::size_t end = m_rest.find("]]>");
            if (end == std::string_view::npos)
                return fail("CDATA is not closed");
            m_text = m_rest.substr(9, end - 9);
            m_rest.remove_prefix(end + 3);
            return Token::text;
        }
        if (m_rest.starts_with("<!--")) {
            if (!skipPast("-->"))
                return fail("a comment is not closed");
        } else if (m_rest.starts_with("<?")) {
            if (!skipPast("?>"))
                return fail("a declaration is not closed");
        } else if (m_rest.starts_with("<!")) {
            if (!skipPast(">"))
                return fail("a declaration is not closed");
        } else {
            return readTag();
        }
    }
    return m_depth == 0 ? Token::end : fail("the file ends inside an element");
}

XmlReader::Token XmlReader::readTag()
{
    m_rest.remove_prefix(1);
    const bool closes = m_rest.starts_with('/');
    if (closes)
        m_rest.remove_prefix(1);
    m_name = takenWord(m_rest, " \t\r\n/>");
    m_attributes.clear();
    for (;;) {
        skipBlanks(m_rest);
        if (m_rest.empty() || m_name.empty())
            return fail("a tag is not closed");
        if (m_rest.front() == '>' || m_rest.starts_with("/>"))
            break;
        const std::string name(takenWord(m_rest, "= \t\r\n/>"));
        skipBlanks(m_rest);
        if (!m_rest.starts_with('='))
            return fail("an attribute has no value");
        m_rest.remove_prefix(1);
        skipBlanks(m_rest);
        const char quote = m_rest.empty() ? '\0' : m_rest.front();
        const std::size_t end
            = quote == '"' || quote == '\'' ? m_rest.find(quote, 1) : std::string_view::npos;
        if (end == std::string_view::npos)
            return fail("the value of an attribute is not closed");
        m_attributes.emplace_back(name, decoded(m_rest.substr(1, end - 1)));
        m_rest.remove_prefix(end + 1);
    }
    const bool isEmpty = m_rest.front() == '/';
    m_rest.remove_prefix(isEmpty ? 2 : 1);
    if (closes) {
        if (m_depth == 0)
            return fail("an element is closed that is not open");
        --m_depth;
        return Token::close;
    }
    ++m_depth;
    m_closesItself = isEmpty;
    return Token::open;
}

std::string XmlReader::attribute(std::string_view name) const
{
    for (const auto &[key, value] : m_attributes)
        if (key == name)
            return value;
    return {};
}

XmlReader::Token XmlReader::fail(std::string error)
{
    m_error = std::move(error);
    m_rest = {};
    m_depth = 0;
    return Token::error;
}

bool XmlReader::skipPast(std::string_view mark)
{
    const std::size_t end = m_rest.find(mark);
    if (end == std::string_view::npos)
        return false;
    m_rest.remove_prefix(end + mark.size());
    return true;
}

std::string XmlReader::decoded(std::string_view text)
{
    std::string out;
    while (!text.empty()) {
        const std::size_t entity = std::min(text.find('&'), text.size());
        out += text.substr(0, entity);
        text.remove_prefix(entity);
        const std::size_t end = text.find(';');
        if (text.empty() || end == std::string_view::npos || end > 12) {
            out += text.substr(0, 1);
            text.remove_prefix(std::min<std::size_t>(1, text.size()));
            continue;
        }
        appendEntity(out, text.substr(1, end - 1));
        text.remove_prefix(end + 1);
    }
    return out;
}

} // namespace faultline::lab
