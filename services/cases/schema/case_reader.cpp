// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/cases/schema/case_reader.h"

#include "services/cases/schema/quantities.h"
#include "services/cases/schema/section_readers.h"

#include <array>

namespace faultline::cases {

namespace {

void requireWord(MapReader &map, std::string_view key, std::string_view wanted)
{
    const yaml::Value *value = map.require(key);
    if (value != nullptr && value->scalar != wanted) {
        map.reporter().error(value->place, "unknown-value",
            std::string(key) + " must be \"" + std::string(wanted) + '"',
            "write: " + std::string(key) + ": " + std::string(wanted));
    }
}

void readSeed(MapReader &map, CaseFile &out)
{
    const yaml::Value *value = map.take("seed");
    if (value == nullptr || value->scalar == "auto")
        return;
    const auto seed = value->isScalar() ? parseInteger(value->scalar) : std::nullopt;
    if (!seed || *seed < 0)
        map.reporter().error(value->place, "wrong-type", "seed must be \"auto\" or a whole number");
    else
        out.seed = static_cast<std::uint64_t>(*seed);
}

void readReport(MapReader &map, CaseFile &out)
{
    map.texts("formats", out.reportFormats);
    map.text("compareWith", out.compareWith);
}

/// The document with its parameters filled in. They are read first, so that a duration or a count
/// may be one; their own section stays as written.
yaml::Value filledIn(const yaml::Value &document, const ParameterValues &chosen, CaseFile &out,
    const Reporter &reporter)
{
    Diagnostics told; // the section is read again with the rest, and reported there
    if (document.isMap()) {
        const Reporter quiet(reporter.file(), told);
        MapReader parameters(document, "the case", quiet);
        readParameters(parameters, out.parameters);
    }
    out.values = resolveParameters(out.parameters, chosen, reporter);
    yaml::Value copy = document;
    for (yaml::Entry &entry : copy.entries) {
        if (entry.key != "parameters")
            substituteParameters(entry.value, out.values, reporter);
    }
    return copy;
}

CaseFile readCase(
    const yaml::Value &written, const ParameterValues &chosen, const Reporter &reporter)
{
    static constexpr std::array<std::string_view, 1> statusWords{ "upstream" };
    CaseFile out;
    out.file = reporter.file();
    out.place = written.place;
    const yaml::Value document = filledIn(written, chosen, out, reporter);
    out.parameters.clear();
    MapReader map(document, "the case", reporter);
    if (!map.isMap())
        return out;
    requireWord(map, "apiVersion", "faultline/v1");
    requireWord(map, "kind", "Case");
    if (map.require("metadata") != nullptr)
        map.map("metadata", [&](MapReader &inner) { readMetadata(inner, out.metadata); });
    readParameters(map, out.parameters);
    if (map.require("topology") != nullptr)
        map.map("topology", [&](MapReader &inner) { readTopology(inner, out.topology); });
    map.map("needs", [&](MapReader &inner) { readNeeds(inner, out.needs); });
    readSeed(map, out);
    map.map("workload", [&](MapReader &inner) { readWorkload(inner, out.workload); });
    readProbes(map, "probes", out.probes);
    readPhases(map, out.phases);
    map.duration("timeout", out.timeout);
    if (const yaml::Value *timeout = map.require("timeout"))
        out.timeoutPlace = timeout->place;
    readFaults(map, out.faults);
    map.map("faultPolicy", [&](MapReader &inner) { readFaultPolicy(inner, out.faultPolicy); });
    readChecks(map, out.checks);
    readOnFinding(map, out.onFinding);
    map.map("retention", [&](MapReader &inner) { readRetention(inner, out); });
    readNotify(map, out.notify);
    map.choice("commitStatus", statusWords, [&](std::size_t) { out.reportsCommitStatus = true; });
    map.map("report", [&](MapReader &inner) { readReport(inner, out); });
    map.finish();
    return out;
}

} // namespace

ReadCases readCases(
    const std::string &text, const std::string &file, const ParameterValues &chosen)
{
    ReadCases out;
    const Reporter reporter(file, out.diagnostics);
    const auto documents = yaml::readDocuments(text);
    if (!documents) {
        reporter.error(documents.error().place, "yaml", documents.error().message);
        return out;
    }
    if (documents->empty())
        reporter.error({}, "empty-file", "the file holds no case");
    for (const yaml::Value &document : *documents)
        out.cases.push_back(readCase(document, chosen, reporter));
    return out;
}

} // namespace faultline::cases
