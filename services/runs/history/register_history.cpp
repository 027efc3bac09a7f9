// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/runs/history/register_history.h"

#include <nlohmann/json.hpp>

#include <string_view>

namespace faultline::runs {

namespace {

using Json = nlohmann::json;
using Kind = RegisterOperation::Kind;

/// Reads line after line; throws the reason as a text, which parseHistory() catches.
class Reading
{
public:
    Reading() { (void)numberOf(Json()); }

    void read(std::string_view line)
    {
        ++m_line;
        if (line.find_first_not_of(" \t\r") == std::string_view::npos)
            return;
        const Json row = Json::parse(line, nullptr, /*exceptions*/ false);
        if (!row.is_object())
            throw std::string("it is no JSON object");
        const Json process = row.value("process", Json());
        if (!process.is_number_integer())
            throw std::string("it names no process (a whole number)");
        const std::string type = textOf(row, "type");
        if (type == "invoke")
            begin(row, process.get<int>());
        else if (type == "ok" || type == "fail" || type == "info")
            end(row, process.get<int>(), type);
        else
            throw "its type is \"" + type + "\", not invoke, ok, fail or info";
    }

    RegisterHistory finish()
    {
        for (auto &[process, running] : m_running)
            keepOpen(running);
        m_running.clear();
        return std::move(m_out);
    }

    [[nodiscard]] std::int64_t line() const { return m_line; }

private:
    struct Running
    {
        std::string key;
        RegisterOperation operation;
    };

    static std::string textOf(const Json &row, const char *name)
    {
        const auto found = row.find(name);
        return found != row.end() && found->is_string() ? found->get<std::string>() : std::string();
    }

    int numberOf(const Json &value)
    {
        const std::string text = value.dump(-1, ' ', false, Json::error_handler_t::replace);
        const auto [place, isNew] = m_numbers.emplace(text, static_cast<int>(m_out.values.size()));
        if (isNew)
            m_out.values.push_back(text);
        return place->second;
    }

    void begin(const Json &row, int process)
    {
        if (m_running.contains(process))
            throw "the process " + std::to_string(process) + " has an operation under way";
        Running running;
        running.key = row.contains("key") ? row["key"].dump() : std::string();
        RegisterOperation &operation = running.operation;
        operation.process = process;
        operation.line = m_line;
        operation.call = m_line;
        const std::string name = textOf(row, "f");
        const Json value = row.value("value", Json());
        if (name == "write") {
            operation.kind = Kind::Write;
            operation.value = numberOf(value);
        } else if (name == "cas") {
            if (!value.is_array() || value.size() != 2)
                throw std::string("a cas needs value: [expected, new]");
            operation.kind = Kind::CompareAndSet;
            operation.expected = numberOf(value[0]);
            operation.value = numberOf(value[1]);
        } else if (name != "read") {
            throw "its f is \"" + name + "\", not read, write or cas";
        }
        ++m_out.operations;
        m_running.emplace(process, std::move(running));
    }

    void end(const Json &row, int process, const std::string &type)
    {
        const auto found = m_running.find(process);
        if (found == m_running.end())
            throw "the process " + std::to_string(process) + " has no operation under way";
        Running running = std::move(found->second);
        m_running.erase(found);
        if (type == "fail")
            return;
        if (type == "info") {
            keepOpen(running);
            return;
        }
        running.operation.end = m_line;
        if (running.operation.kind == Kind::Read) {
            if (!row.contains("value"))
                throw std::string("a read ended without the value that was seen");
            running.operation.value = numberOf(row["value"]);
        }
        m_out.registers[running.key].push_back(running.operation);
    }

    void keepOpen(Running &running)
    {
        ++m_out.open;
        if (running.operation.kind == Kind::Read)
            return; // what nobody saw says nothing
        running.operation.isOpen = true;
        m_out.registers[running.key].push_back(running.operation);
    }

    RegisterHistory m_out;
    std::map<std::string, int> m_numbers;
    std::map<int, Running> m_running; // by process
    std::int64_t m_line = 0;
};

} // namespace

ParsedHistory parseHistory(const std::string &text)
{
    Reading reading;
    std::string_view rest = text;
    ParsedHistory out;
    bool isTorn = false;
    try {
        while (!rest.empty()) {
            const std::size_t end = rest.find('\n');
            isTorn = end == std::string_view::npos;
            if (isTorn)
                break;
            reading.read(rest.substr(0, end));
            rest.remove_prefix(end + 1);
        }
    } catch (const std::string &why) {
        out.problem = "The history's line " + std::to_string(reading.line()) + ": " + why + '.';
        return out;
    }
    out.history = reading.finish();
    out.history->isTorn = isTorn;
    return out;
}

} // namespace faultline::runs
