// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/runs/record/run_record.h"

#include "services/runs/record/event_lines.h"
#include "services/runs/record/plain_file.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <tuple>

namespace faultline::runs {

namespace {

constexpr std::uintmax_t largestRecord = 64 << 10;

std::string fileOf(const std::string &folder, const std::string &run)
{
    return folder + '/' + run + ".json";
}

} // namespace

std::optional<std::string> writeRunRecord(const std::string &folder, const RunRecord &record)
{
    const Json json{ { "run", record.run }, { "case", record.caseName }, { "stack", record.stack },
        { "server", record.server }, { "runner", record.runner }, { "bundle", record.bundle },
        { "startedMicros", record.startedMicros }, { "expiresMicros", record.expiresMicros },
        { "beatMicros", record.beatMicros } };
    return replaceFile(fileOf(folder, record.run),
        json.dump(2, ' ', false, Json::error_handler_t::replace) + '\n');
}

void removeRunRecord(const std::string &folder, const std::string &run)
{
    std::error_code gone; // a record that stays names a runner that is gone: it is found again
    std::filesystem::remove(fileOf(folder, run), gone);
}

std::vector<RunRecord> readRunRecords(const std::string &folder)
{
    std::vector<RunRecord> out;
    std::error_code error;
    for (const auto &entry : std::filesystem::directory_iterator(folder, error)) {
        if (entry.path().extension() != ".json" || entry.file_size(error) > largestRecord)
            continue;
        std::ifstream file(entry.path());
        const Json json
            = Json::parse(std::istreambuf_iterator<char>(file), {}, nullptr, /*exceptions*/ false);
        if (!json.is_object() || textAt(json, "run") != entry.path().stem().string())
            continue;
        out.push_back({ textAt(json, "run"), textAt(json, "case"), textAt(json, "stack"),
            textAt(json, "server"), textAt(json, "runner"), textAt(json, "bundle"),
            numberAt(json, "startedMicros"), numberAt(json, "expiresMicros"),
            numberAt(json, "beatMicros") });
    }
    std::sort(out.begin(), out.end(), [](const RunRecord &a, const RunRecord &b) {
        return std::tie(a.startedMicros, a.run) < std::tie(b.startedMicros, b.run);
    });
    return out;
}

} // namespace faultline::runs
