// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/runs/record/acts.h"

#include "services/runs/record/event_log.h"
#include "services/runs/record/plain_file.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>

#include <fcntl.h>
#include <unistd.h>

namespace faultline::runs {

namespace {

constexpr std::int64_t explainsFor = 120'000'000; // µs

std::string fileOf(const std::string &bundle)
{
    return bundle + "/acts.jsonl";
}

} // namespace

std::optional<std::string> writeAct(const std::string &bundle, const Act &act)
{
    const Json json{ { "t", timeText(act.wallMicros) }, { "micros", act.wallMicros },
        { "verb", act.verb }, { "id", act.id } };
    const int file
        = ::open(fileOf(bundle).c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    if (file < 0)
        return fileOf(bundle) + ": " + std::strerror(errno);
    auto problem = writeAll(file, json.dump(-1, ' ', false, Json::error_handler_t::replace) + '\n');
    if (::close(file) != 0 && !problem)
        problem = std::strerror(errno);
    return problem;
}

Acts::Acts(const std::string &bundle)
    : m_path(fileOf(bundle))
{
}

void Acts::readOn()
{
    std::ifstream file(m_path, std::ios::binary);
    file.seekg(static_cast<std::streamoff>(m_read));
    std::string line;
    while (std::getline(file, line) && !file.eof()) { // a line without its end is not whole yet
        m_read += line.size() + 1;
        const Json json = Json::parse(line, nullptr, /*exceptions*/ false);
        const bool isAct = json.is_object() && json.contains("id") && json["id"].is_string()
            && json.contains("micros") && json["micros"].is_number_integer();
        if (isAct)
            m_acts.push_back({ json.value("verb", ""), json["id"].get<std::string>(),
                json["micros"].get<std::int64_t>() });
    }
}

bool Acts::explain(const std::vector<std::string> &ids, std::int64_t nowMicros)
{
    readOn();
    return std::any_of(m_acts.begin(), m_acts.end(), [&](const Act &act) {
        return nowMicros - act.wallMicros < explainsFor
            && std::find(ids.begin(), ids.end(), act.id) != ids.end();
    });
}

} // namespace faultline::runs
