// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/gitlab/junit_report.h"

#include <cstdlib>
#include <optional>
#include <set>

#include "services/lab/gitlab/xml_reader.h"

namespace faultline::lab {

namespace {

class CaseReader
{
public:
    tl::expected<std::vector<JunitCase>, std::string> read(std::string_view xml)
    {
        XmlReader reader(xml);
        for (;;) {
            const XmlReader::Token token = reader.next();
            if (token == XmlReader::Token::end)
                break;
            if (token == XmlReader::Token::error)
                return tl::unexpected("JUnit XML parsing failed: " + reader.error());
            if (token == XmlReader::Token::open)
                opened(reader);
            else if (token == XmlReader::Token::close)
                closed(reader.name());
            else if (m_case && !m_textOf.empty())
                m_text += reader.text();
        }
        return std::move(m_cases);
    }

private:
    void opened(const XmlReader &reader)
    {
        const std::string &name = reader.name();
        if (name == "testcase") {
            m_case.emplace();
            m_case->status = "success";
            m_case->name = reader.attribute("name");
            m_case->className = reader.attribute("classname");
            m_case->file = reader.attribute("file");
            m_case->seconds = std::strtod(reader.attribute("time").c_str(), nullptr);
        } else if (m_case) {
            if (name == "failure" || name == "error" || name == "skipped")
                m_case->status = name == "failure" ? "failed" : name;
            m_message = reader.attribute("message");
            m_textOf = name;
            m_text.clear();
        }
    }

    void closed(const std::string &name)
    {
        if (!m_case)
            return;
        if (name == "testcase") {
            if (m_seen.insert(m_case->className + "\n" + m_case->name).second)
                m_cases.push_back(std::move(*m_case));
            m_case.reset();
        } else if (name == m_textOf) {
            const bool isResult = name == "failure" || name == "error" || name == "skipped";
            if (isResult)
                m_case->output = m_text.empty() ? m_message : m_text;
            else if (name == "system-out" && m_case->output.empty())
                m_case->output = m_text;
            m_textOf.clear();
        }
    }

    std::vector<JunitCase> m_cases;
    std::set<std::string> m_seen;
    std::optional<JunitCase> m_case;
    std::string m_textOf; // the element whose text is wanted
    std::string m_text;
    std::string m_message;
};

} // namespace

tl::expected<std::vector<JunitCase>, std::string> readJunit(std::string_view xml)
{
    return CaseReader().read(xml);
}

} // namespace faultline::lab
