// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/gitlab/ci_job_reader.h"

#include "services/lab/gitlab/ci_fields.h"
#include "services/lab/gitlab/ci_trigger_reader.h"

namespace faultline::lab {

namespace {

constexpr std::size_t mostParallel = 200;
constexpr std::int64_t longestDelay = 7 * 86'400;

CiArtifacts readArtifacts(const YamlValue &value, const CiKey &key)
{
    requireMap(value, key);
    requireKnownKeys(value, key, { "paths", "exclude", "when", "expire_in", "name", "reports" });
    CiArtifacts artifacts;
    for (const auto &[name, content] : value.entries) {
        const CiKey here = key + ":" + name;
        if (name == "paths")
            artifacts.paths = readTexts(content, here);
        else if (name == "exclude")
            artifacts.exclude = readTexts(content, here);
        else if (name == "when")
            artifacts.when
                = readWhen(content, here, { When::onSuccess, When::onFailure, When::always });
        else if (name == "expire_in" && !(content.isScalar() && content.scalar == "never"))
            artifacts.expireSeconds = readDuration(content, here);
        else if (name == "name")
            artifacts.name = readText(content, here);
        else if (name == "reports") {
            requireMap(content, here);
            requireKnownKeys(content, here, { "junit" });
            if (const YamlValue *junit = content.find("junit"))
                artifacts.junit = readTexts(*junit, here + ":junit");
        }
    }
    return artifacts;
}

CiRetry readRetry(const YamlValue &value, const CiKey &key)
{
    CiRetry retry;
    if (!value.isMap()) {
        retry.max = readInteger(value, key, 0, 2);
        return retry;
    }
    requireKnownKeys(value, key, { "max", "when", "exit_codes" });
    retry.max = 2;
    if (const YamlValue *max = value.find("max"))
        retry.max = readInteger(*max, key + ":max", 0, 2);
    if (const YamlValue *when = value.find("when"))
        retry.when = readTexts(*when, key + ":when");
    if (const YamlValue *codes = value.find("exit_codes"))
        retry.exitCodes = readIntegers(*codes, key + ":exit_codes");
    return retry;
}

// The product of the lists of one entry, in the order of the keys, the last key running fastest.
void appendMatrixEntry(const YamlValue &entry, const CiKey &key, std::vector<Variables> &out)
{
    requireMap(entry, key);
    std::vector<Variables> products = { {} };
    for (const auto &[name, content] : entry.entries) {
        std::vector<Variables> longer;
        const std::vector<std::string> values = readTexts(content, key + ":" + name);
        for (const Variables &product : products)
            for (const std::string &value : values) {
                longer.push_back(product);
                longer.back().emplace_back(name, value);
                if (longer.size() + out.size() > mostParallel)
                    failAt(entry, key, "makes more than 200 jobs");
            }
        products = std::move(longer);
    }
    for (Variables &product : products)
        out.push_back(std::move(product));
}

std::vector<Variables> readMatrix(const YamlValue &value, const CiKey &key)
{
    requireMap(value, key);
    requireKnownKeys(value, key, { "matrix" });
    const YamlValue *matrix = value.find("matrix");
    if (!matrix || !matrix->isSequence() || matrix->items.empty())
        failAt(value, key, "needs a number or a matrix: a list of maps");
    std::vector<Variables> out;
    for (const YamlValue &entry : matrix->items)
        appendMatrixEntry(entry, key + ":matrix", out);
    return out;
}

std::vector<CiNeed> readNeeds(const YamlValue &value, const CiKey &key)
{
    if (!value.isSequence())
        failAt(value, key, "should be a list of jobs");
    std::vector<CiNeed> needs;
    for (const YamlValue &item : value.items) {
        if (item.isSequence()) {
            for (CiNeed &need : readNeeds(item, key))
                needs.push_back(std::move(need));
            continue;
        }
        CiNeed need;
        need.line = item.line;
        if (!item.isMap()) {
            need.job = readText(item, key);
        } else {
            requireKnownKeys(item, key, { "job", "artifacts", "optional", "parallel" });
            const YamlValue *job = item.find("job");
            if (!job)
                failAt(item, key, "a need names a job");
            need.job = readText(*job, key + ":job");
            if (const YamlValue *artifacts = item.find("artifacts"))
                need.artifacts = readBoolean(*artifacts, key + ":artifacts");
            if (const YamlValue *optional = item.find("optional"))
                need.optional = readBoolean(*optional, key + ":optional");
            if (const YamlValue *parallel = item.find("parallel"))
                need.matrix = readMatrix(*parallel, key + ":parallel");
        }
        needs.push_back(std::move(need));
    }
    return needs;
}

void readParallel(const YamlValue &value, const CiKey &key, CiJob &job)
{
    if (!value.isMap()) {
        job.parallel = readInteger(value, key, 1, mostParallel);
        return;
    }
    job.matrix = readMatrix(value, key);
}

void readAllowFailure(const YamlValue &value, const CiKey &key, CiJob &job)
{
    if (!value.isMap()) {
        job.allowFailure = readBoolean(value, key);
        return;
    }
    requireKnownKeys(value, key, { "exit_codes" });
    if (const YamlValue *codes = value.find("exit_codes"))
        job.allowFailureExitCodes = readIntegers(*codes, key + ":exit_codes");
}

void readRunField(const std::string &name, const YamlValue &value, const CiKey &key, CiJob &job)
{
    if (name == "script")
        job.script = readTexts(value, key);
    else if (name == "before_script")
        job.beforeScript = readTexts(value, key);
    else if (name == "after_script")
        job.afterScript = readTexts(value, key);
    else if (name == "variables")
        job.variables = readVariables(value, key);
    else if (name == "tags")
        job.tags = readTexts(value, key);
    else if (name == "timeout")
        job.timeoutSeconds = readDuration(value, key);
    else if (name == "artifacts")
        job.artifacts = readArtifacts(value, key);
    else if (name == "retry")
        job.retry = readRetry(value, key);
}

void readOrderField(const std::string &name, const YamlValue &value, const CiKey &key, CiJob &job)
{
    using enum When;
    if (name == "stage")
        job.stage = readText(value, key);
    else if (name == "when")
        job.when = readWhen(value, key, { onSuccess, onFailure, always, manual, delayed, never });
    else if (name == "allow_failure")
        readAllowFailure(value, key, job);
    else if (name == "needs")
        job.needs = readNeeds(value, key);
    else if (name == "rules")
        job.rules = readRules(value, key, false);
    else if (name == "parallel")
        readParallel(value, key, job);
    else if (name == "interruptible")
        job.interruptible = readBoolean(value, key);
    else if (name == "resource_group")
        job.resourceGroup = readText(value, key);
    else if (name == "dependencies")
        job.dependencies = readTexts(value, key);
    else if (name == "start_in")
        job.startInSeconds = readDuration(value, key);
    else if (name == "trigger")
        job.trigger = readCiTrigger(value, key);
}

} // namespace

CiJob readCiJob(const std::string &name, const YamlValue &value)
{
    const CiKey key = "jobs:" + name;
    requireMap(value, key);
    requireKnownKeys(value, key,
        { "stage", "script", "before_script", "after_script", "variables", "tags", "timeout",
            "allow_failure", "when", "needs", "rules", "artifacts", "extends", "parallel", "retry",
            "interruptible", "resource_group", "dependencies", "start_in", "trigger" });
    CiJob job;
    job.name = name;
    job.line = value.line;
    for (const auto &[field, content] : value.entries) {
        readRunField(field, content, key + ":" + field, job);
        readOrderField(field, content, key + ":" + field, job);
    }
    if (job.trigger && (value.find("script") || value.find("artifacts")))
        failAt(value, key, "a job with `trigger` runs nothing itself: no script, no artifacts");
    if (job.script.empty() && !job.trigger)
        failAt(value, key, "a job needs a script");
    if (job.startInSeconds > longestDelay)
        failAt(
            *value.find("start_in"), key + ":start_in", "should not exceed the limit of one week");
    if ((job.when == When::delayed) != (job.startInSeconds > 0) && !job.rules)
        failAt(value, key, "start_in belongs to `when: delayed`, and the other way round");
    return job;
}

} // namespace faultline::lab
