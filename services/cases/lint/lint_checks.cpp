// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/cases/lint/rules.h"
#include "services/cases/schema/known_kinds.h"
#include "services/cases/schema/quantities.h"

#include <re2/re2.h>

#include <algorithm>

namespace faultline::cases {

namespace {

std::vector<std::string_view> words(std::span<const std::string_view> source)
{
    return { source.begin(), source.end() };
}

std::string nameOf(const Check &check)
{
    return '"' + (check.id.empty() ? check.kind : check.id) + '"';
}

void lintArguments(const Check &check, const CheckKind &kind, const Reporter &reporter)
{
    std::vector<std::string_view> known = words(kind.required);
    known.insert(known.end(), kind.optional.begin(), kind.optional.end());
    for (const auto &[name, value] : check.arguments) {
        if (std::find(known.begin(), known.end(), name) == known.end())
            tellUnknown(reporter, value.place, "unknown-argument", "the check " + nameOf(check),
                name, known);
    }
    for (const std::string_view name : kind.required) {
        if (!check.arguments.contains(std::string(name)))
            reporter.error(check.place, "missing-argument",
                "the check " + nameOf(check) + " needs with." + std::string(name));
    }
}

const yaml::Value *argument(const Check &check, const char *name)
{
    const auto found = check.arguments.find(name);
    return found == check.arguments.end() || !found->second.isScalar() ? nullptr : &found->second;
}

void lintValues(const CaseFile &caseFile, const Check &check, const Reporter &reporter)
{
    if (const yaml::Value *probe = argument(check, "probe")) {
        std::vector<std::string_view> ids;
        for (const Probe &known : caseFile.probes)
            ids.push_back(known.id);
        if (std::find(ids.begin(), ids.end(), probe->scalar) == ids.end())
            tellUnknown(reporter, probe->place, "unknown-probe", "the check " + nameOf(check),
                probe->scalar, ids);
    }
    for (const char *name : { "maxOutage", "below", "within", "timeLimit", "every", "window" }) {
        const yaml::Value *value = argument(check, name);
        if (value != nullptr && !parseDuration(value->scalar))
            reporter.error(value->place, "wrong-type",
                std::string("with.") + name + " is not a duration: \"" + value->scalar + '"');
    }
    if (const yaml::Value *quantile = argument(check, "quantile")) {
        const auto number = parseNumber(quantile->scalar);
        if (!number || *number <= 0 || *number > 1)
            reporter.error(quantile->place, "wrong-type",
                "with.quantile must be above 0 and at most 1", "for example 0.99");
    }
    if (const yaml::Value *pattern = argument(check, "pattern")) {
        const re2::RE2 expression(pattern->scalar, re2::RE2::Quiet);
        if (!expression.ok())
            reporter.error(pattern->place, "bad-pattern",
                "with.pattern is not a regular expression: " + expression.error());
    }
    if (check.kind == "history.linearizable" && caseFile.workload.historyPath.empty())
        reporter.error(check.place, "no-history",
            "the check " + nameOf(check) + " needs workload.history: where the history is");
}

void lintStatement(const CaseFile &caseFile, const Check &check, const Reporter &reporter)
{
    const bool isLive = check.when == Check::When::During;
    const yaml::Value *misplaced = argument(check, isLive ? "within" : "every");
    if (misplaced != nullptr)
        reporter.error(misplaced->place, "unused-argument",
            std::string("with.")
                + (isLive ? "within is for when: final" : "every is for when: during"));

    const auto found = check.arguments.find("target");
    if (found == check.arguments.end())
        return;
    const yaml::Value *password = argument(check, "password");
    const std::string secret = password == nullptr ? std::string() : password->scalar;
    const std::string what = "the check " + nameOf(check);
    if (found->second.isScalar())
        return lintSql(caseFile, reporter, found->second.place, what, found->second.scalar, secret);
    for (const yaml::Value &target : found->second.items)
        lintSql(caseFile, reporter, target.place, what, target.scalar, secret);
}

/// What only a check during the run needs.
void lintLiveArguments(const Check &check, const Reporter &reporter)
{
    if (check.when == Check::When::During || check.kind == "sql.invariant")
        return;
    for (const char *name : { "every", "window" }) {
        if (const yaml::Value *misplaced = argument(check, name))
            reporter.error(misplaced->place, "unused-argument",
                std::string("with.") + name + " is for when: during");
    }
}

void lintMetrics(const Workload &workload, const Reporter &reporter)
{
    if (workload.metrics.empty() || workload.metrics.starts_with("http"))
        return;
    const re2::RE2 expression(workload.metrics, re2::RE2::Quiet);
    if (!expression.ok())
        reporter.error(workload.place, "bad-pattern",
            "workload.metrics is not a regular expression: " + expression.error());
    else if (expression.NumberOfCapturingGroups() == 0)
        reporter.error(workload.place, "bad-pattern",
            "workload.metrics has no group, so nothing is measured",
            "name what is measured: (?P<ops>[0-9.]+) ops/s");
}

bool judgesResult(const CaseFile &caseFile)
{
    const auto isSkipped = [&](std::string_view id) {
        return std::any_of(caseFile.checks.begin(), caseFile.checks.end(), [&](const Check &check) {
            return check.isSkipped && (check.id == id || check.kind == id);
        });
    };
    if (caseFile.workload.isPresent && !isSkipped("exitCode"))
        return true;
    return std::any_of(caseFile.checks.begin(), caseFile.checks.end(), [](const Check &check) {
        const CheckKind *kind = findCheckKind(check.kind);
        return !check.isSkipped && check.when == Check::When::Final && kind != nullptr
            && kind->judgesResult;
    });
}

void lintCheck(const CaseFile &caseFile, const Check &check, const Reporter &reporter)
{
    std::vector<std::string_view> kinds;
    for (const CheckKind &kind : checkKinds())
        kinds.push_back(kind.name);
    const std::string &name = check.kind.empty() ? check.id : check.kind;
    const CheckKind *kind = findCheckKind(name);
    if (kind == nullptr) {
        if (!name.empty())
            tellUnknown(reporter, check.place, "unknown-kind",
                check.isSkipped ? "a skipped check" : "the kind of the check " + nameOf(check),
                name, kinds);
        return;
    }
    if (check.isSkipped)
        return;
    lintArguments(check, *kind, reporter);
    lintValues(caseFile, check, reporter);
    lintLiveArguments(check, reporter);
    if (check.kind == "sql.invariant")
        lintStatement(caseFile, check, reporter);
    const auto anomalies = words(anomalyNames());
    if (!check.anomaly.empty()
        && std::find(anomalies.begin(), anomalies.end(), check.anomaly) == anomalies.end())
        tellUnknown(reporter, check.place, "unknown-anomaly",
            "the anomaly of the check " + nameOf(check), check.anomaly, anomalies);
}

} // namespace

void lintChecks(const CaseFile &caseFile, const Reporter &reporter)
{
    for (const Check &check : caseFile.checks)
        lintCheck(caseFile, check, reporter);
    lintMetrics(caseFile.workload, reporter);
    if (!judgesResult(caseFile))
        reporter.error(caseFile.place, "no-final-check",
            "no final check judges the result: the case would pass whatever it does",
            "add a check with when: final, or a workload whose exit code counts");
}

} // namespace faultline::cases
