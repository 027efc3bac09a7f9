// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/gitlab/api_reports.h"

#include <array>
#include <map>
#include <utility>

#include <zlib.h>

#include "services/lab/gitlab/files.h"
#include "services/lab/gitlab/junit_report.h"

namespace faultline::lab {

namespace {

constexpr std::size_t largestReport = 100U << 20U; // GitLab's own limit of a job

struct ReportFile
{
    std::string suite;
    std::int64_t job = 0;
    std::filesystem::path path;
};

struct Suite
{
    std::string name;
    std::vector<std::int64_t> jobs;
    std::vector<JunitCase> cases;
    std::string error;
};

struct Counts
{
    double seconds = 0;
    std::int64_t count = 0;
    std::map<std::string, std::int64_t> of;

    void add(const JunitCase &each)
    {
        seconds += each.seconds;
        ++count;
        ++of[each.status];
    }
};

// One or more gzip members, one after the other; nothing when they can't be read.
std::optional<std::string> unpacked(const std::string &packed)
{
    z_stream stream{};
    if (inflateInit2(&stream, 15 + 32) != Z_OK)
        return std::nullopt;
    std::string out;
    std::array<char, 64 * 1024> buffer{};
    stream.next_in = reinterpret_cast<Bytef *>(const_cast<char *>(packed.data()));
    stream.avail_in = static_cast<uInt>(packed.size());
    int state = Z_OK;
    while (state == Z_OK && out.size() <= largestReport) {
        stream.next_out = reinterpret_cast<Bytef *>(buffer.data());
        stream.avail_out = static_cast<uInt>(buffer.size());
        state = inflate(&stream, Z_NO_FLUSH);
        out.append(buffer.data(), buffer.size() - stream.avail_out);
        if (state == Z_STREAM_END && stream.avail_in > 0)
            state = inflateReset(&stream);
    }
    inflateEnd(&stream);
    return state == Z_STREAM_END ? std::optional(std::move(out)) : std::nullopt;
}

// "soak: [a, x]" and "soak 1/3" belong to the suite "soak".
std::string groupName(const std::string &job)
{
    if (const std::size_t matrix = job.find(": [");
        matrix != std::string::npos && job.ends_with(']'))
        return job.substr(0, matrix);
    const std::size_t space = job.rfind(' ');
    const bool isNumbered = space != std::string::npos && job.find('/', space) != std::string::npos
        && job.find_first_not_of("0123456789/", space + 1) == std::string::npos;
    return isNumbered ? job.substr(0, space) : job;
}

std::vector<ReportFile> reportFiles(const ApiCall &call, const PipelineRecord &pipeline)
{
    std::vector<ReportFile> files;
    for (const JobRecord &job : call.context().store.currentJobs(pipeline.id))
        for (const ArtifactRecord &artifact : call.context().store.artifacts(job.id))
            if (artifact.type == "junit")
                files.push_back({ groupName(job.name), job.id,
                    call.context().artifactFile(job.id, artifact.type) });
    return files;
}

std::vector<Suite> readSuites(const std::vector<ReportFile> &files)
{
    std::vector<Suite> suites;
    for (const ReportFile &file : files) {
        Suite *suite = nullptr;
        for (Suite &each : suites)
            if (each.name == file.suite)
                suite = &each;
        if (!suite)
            suite = &suites.emplace_back(Suite{ file.suite, {}, {}, {} });
        suite->jobs.push_back(file.job);
        const auto packed = readFile(file.path);
        const auto text = packed ? unpacked(*packed) : std::nullopt;
        auto cases = text
            ? readJunit(*text)
            : tl::unexpected(std::string("JUnit data parsing failed: it can't be unpacked"));
        if (cases)
            suite->cases.insert(suite->cases.end(), cases->begin(), cases->end());
        else
            suite->error = cases.error();
    }
    return suites;
}

Counts countsOf(const Suite &suite)
{
    Counts counts;
    if (suite.error.empty())
        for (const JunitCase &each : suite.cases)
            counts.add(each);
    return counts;
}

OrderedJson textOrNull(const std::string &text)
{
    return text.empty() ? OrderedJson(nullptr) : OrderedJson(text);
}

void addCounts(OrderedJson &out, Counts counts)
{
    out["total_time"] = counts.seconds;
    out["total_count"] = counts.count;
    out["success_count"] = counts.of["success"];
    out["failed_count"] = counts.of["failed"];
    out["skipped_count"] = counts.of["skipped"];
    out["error_count"] = counts.of["error"];
}

OrderedJson caseJson(const JunitCase &each)
{
    return { { "status", each.status }, { "name", each.name }, { "classname", each.className },
        { "file", textOrNull(each.file) }, { "execution_time", each.seconds },
        { "system_output", textOrNull(each.output) }, { "stack_trace", nullptr },
        { "recent_failures", nullptr }, { "attachment_url", nullptr } };
}

OrderedJson reportJson(const std::vector<Suite> &suites)
{
    Counts total;
    OrderedJson list = OrderedJson::array();
    for (const Suite &suite : suites) {
        OrderedJson item;
        item["name"] = suite.name;
        addCounts(item, countsOf(suite));
        item["suite_error"] = textOrNull(suite.error);
        OrderedJson cases = OrderedJson::array();
        for (const JunitCase &each : suite.error.empty() ? suite.cases : std::vector<JunitCase>()) {
            total.add(each);
            cases.push_back(caseJson(each));
        }
        item["test_cases"] = std::move(cases);
        list.push_back(std::move(item));
    }
    OrderedJson out;
    addCounts(out, total);
    out["test_suites"] = std::move(list);
    return out;
}

OrderedJson summaryJson(const std::vector<Suite> &suites)
{
    Counts total;
    OrderedJson list = OrderedJson::array();
    OrderedJson error = nullptr;
    for (const Suite &suite : suites) {
        OrderedJson item;
        item["name"] = suite.name;
        addCounts(item, countsOf(suite));
        item["build_ids"] = suite.jobs;
        item["suite_error"] = textOrNull(suite.error);
        list.push_back(std::move(item));
        if (suite.error.empty())
            for (const JunitCase &each : suite.cases)
                total.add(each);
        else
            error = suite.error;
    }
    OrderedJson out;
    out["total"]
        = { { "time", total.seconds }, { "count", total.count }, { "success", total.of["success"] },
              { "failed", total.of["failed"] }, { "skipped", total.of["skipped"] },
              { "error", total.of["error"] }, { "suite_error", error } };
    out["test_suites"] = std::move(list);
    return out;
}

template <OrderedJson (*write)(const std::vector<Suite> &)>
void answer(const ApiCall &call)
{
    call.inWorker([call, files = reportFiles(call, call.pipeline())] {
        return [call, body = write(readSuites(files))] { call.reply(200, body); };
    });
}

} // namespace

void addReportRoutes(ApiRoutes &routes)
{
    routes.addToProject("GET", "/pipelines/:pipeline/test_report", answer<reportJson>);
    routes.addToProject("GET", "/pipelines/:pipeline/test_report_summary", answer<summaryJson>);
}

} // namespace faultline::lab
