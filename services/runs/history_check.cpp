// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/runs/history_check.h"

#include "services/cases/schema/quantities.h"
#include "services/runs/checks.h"
#include "services/runs/history/linearizability.h"

#include <fstream>

namespace faultline::runs {

namespace {

constexpr std::size_t largestHistory = 256U << 20U;

/// The file's text; nothing when it can't be read or is larger than can be judged.
std::optional<std::string> textOf(const std::string &path)
{
    std::ifstream file(path, std::ios::binary | std::ios::ate);
    if (!file)
        return std::nullopt;
    const auto size = file.tellg();
    if (size < 0 || static_cast<std::size_t>(size) > largestHistory)
        return std::nullopt;
    std::string out(static_cast<std::size_t>(size), '\0');
    file.seekg(0);
    file.read(out.data(), size);
    out.resize(static_cast<std::size_t>(file.gcount()));
    return out;
}

Finding gaveUp(const cases::Check &check, const std::string &why)
{
    return findingOf(check, Finding::Kind::GaveUp, why);
}

} // namespace

std::optional<Finding> checkHistory(const cases::Check &check, const std::string &path)
{
    const auto text = textOf(path);
    if (!text)
        return gaveUp(check,
            "The workload's history can't be read, or is larger than 256 MiB: " + path + '.');
    const ParsedHistory parsed = parseHistory(*text);
    if (!parsed.history)
        return gaveUp(check, parsed.problem);
    if (parsed.history->operations == 0)
        return gaveUp(check, "The workload's history holds no operation.");
    LinearizabilityLimits limits;
    if (const auto limit = cases::parseDuration(argumentOf(check, "timeLimit")))
        limits.time = *limit;
    const Linearizability judged = checkLinearizable(*parsed.history, limits);
    if (judged.answer == Linearizability::Answer::No) {
        Finding out = findingOf(check, Finding::Kind::Anomaly, judged.why);
        if (out.anomaly.empty())
            out.anomaly = "consistency";
        return out;
    }
    if (judged.answer == Linearizability::Answer::GaveUp)
        return gaveUp(check, judged.why);
    if (parsed.history->isTorn)
        return gaveUp(check, "The history's last line is cut off; what is there is linearizable.");
    return std::nullopt;
}

} // namespace faultline::runs
