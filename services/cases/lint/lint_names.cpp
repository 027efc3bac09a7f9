// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/cases/lint/rules.h"
#include "services/cases/schema/nearest_key.h"

#include <algorithm>
#include <set>

namespace faultline::cases {

namespace {

constexpr std::size_t longestName = 63; // a stack's name holds it, and that is a DNS label

bool isName(const std::string &text)
{
    return !text.empty() && text.size() <= longestName
        && text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string::npos
        && text.front() != '-' && text.back() != '-';
}

template <typename Item>
void tellTwins(const std::vector<Item> &items, std::string Item::*name, const std::string &what,
    const Reporter &reporter)
{
    std::set<std::string_view> seen;
    for (const Item &item : items) {
        if (!(item.*name).empty() && !seen.insert(item.*name).second)
            reporter.error(item.place, "duplicate-id",
                "there are two " + what + " called \"" + item.*name + '"');
    }
}

std::vector<std::string_view> roleNames(const CaseFile &caseFile)
{
    std::vector<std::string_view> names;
    for (const Role &role : caseFile.topology.roles)
        names.push_back(role.name);
    return names;
}

void checkRole(const CaseFile &caseFile, const Reporter &reporter, const yaml::Place &place,
    const std::string &what, const std::string &role)
{
    if (role.empty() || role == "runner" || findRole(caseFile, role) != nullptr)
        return;
    std::vector<std::string_view> names = roleNames(caseFile);
    names.emplace_back("runner");
    tellUnknown(reporter, place, "unknown-role", what, role, names);
}

/// `role:port…` of a probe; a probe of kind http may have a whole address instead.
void checkProbe(const CaseFile &caseFile, const Reporter &reporter, const Probe &probe)
{
    if (probe.target.empty()) {
        reporter.error(probe.place, "missing-key", "the probe needs the key \"target\"");
        return;
    }
    const bool isAddress = probe.target.find("://") != std::string::npos;
    if (isAddress && probe.kind == ProbeKind::Http)
        return;
    if (probe.kind == ProbeKind::Sql && probe.statement.empty())
        reporter.error(probe.place, "missing-key", "an sql probe needs the key \"statement\"");
    if (probe.kind == ProbeKind::Sql)
        return lintSql(
            caseFile, reporter, probe.place, "an sql probe", probe.target, probe.password);
    if (!probe.user.empty() || !probe.password.empty() || probe.expect)
        reporter.error(
            probe.place, "not-for-this-kind", "user, password and expect are for sql probes");
    const std::string role = probe.target.substr(0, probe.target.find_first_of(":/"));
    checkRole(caseFile, reporter, probe.place, "the probe's target", role);
    if (probe.kind == ProbeKind::Exec && probe.command.empty())
        reporter.error(probe.place, "missing-key", "an exec probe needs the key \"command\"");
    if (probe.kind == ProbeKind::Tcp && probe.target.find(':') == std::string::npos)
        reporter.error(probe.place, "probe-without-port", "a tcp probe needs a port",
            "write target: " + probe.target + ":PORT");
}

void checkStep(const CaseFile &caseFile, const Reporter &reporter, const Step &step)
{
    if (step.kind == Step::Kind::Sql)
        return lintSql(
            caseFile, reporter, step.place, "a statement of prepare", step.where, step.password);
    checkRole(caseFile, reporter, step.place, "the step", step.where);
    if (!step.user.empty() || !step.password.empty())
        reporter.error(step.place, "not-for-this-kind", "user and password are for statements");
}

bool isReference(const std::string &text)
{
    return text.starts_with("env:") || text.starts_with("file:") || text.starts_with("keychain:");
}

} // namespace

void lintSql(const CaseFile &caseFile, const Reporter &reporter, const yaml::Place &place,
    const std::string &what, const std::string &target, const std::string &password)
{
    const std::size_t colon = target.find(':');
    const std::string role = target.substr(0, target.find_first_of(":/"));
    if (colon == std::string::npos || role == "runner")
        reporter.error(place, "sql-without-server", what + " needs a server: \"" + target + '"',
            "write \"ROLE:PORT/DATABASE\"");
    else
        checkRole(caseFile, reporter, place, what, role);
    if (!password.empty() && !isReference(password))
        reporter.error(place, "secret-in-file",
            what + " holds a password; anyone who reads the file has it",
            "write where it is: env:NAME, file:/path or keychain:ENTRY");
}

const Role *findRole(const CaseFile &caseFile, const std::string &name)
{
    const auto &roles = caseFile.topology.roles;
    const auto found = std::find_if(
        roles.begin(), roles.end(), [&](const Role &role) { return role.name == name; });
    return found == roles.end() ? nullptr : &*found;
}

void tellUnknown(const Reporter &reporter, const yaml::Place &place, const std::string &rule,
    const std::string &what, const std::string &name, const std::vector<std::string_view> &known)
{
    const std::string nearest = nearestKey(name, known);
    std::string all;
    for (const std::string_view word : known)
        all += (all.empty() ? "" : ", ") + std::string(word);
    reporter.error(place, rule, what + " names \"" + name + "\", which does not exist",
        !nearest.empty()  ? "did you mean \"" + nearest + "\"?"
            : all.empty() ? "there is none"
                          : "there are: " + all);
}

void lintNames(const CaseFile &caseFile, const Reporter &reporter)
{
    if (!caseFile.metadata.name.empty() && !isName(caseFile.metadata.name))
        reporter.error(caseFile.metadata.namePlace, "case-name",
            "the case's name must be of a-z, 0-9 and - and at most 63 characters long");
    tellTwins(caseFile.probes, &Probe::id, "probes", reporter);
    tellTwins(caseFile.phases, &Phase::name, "phases", reporter);
    tellTwins(caseFile.faults, &FaultEntry::id, "faults", reporter);
    tellTwins(caseFile.checks, &Check::id, "checks", reporter);

    for (const Probe &probe : caseFile.probes) {
        if (probe.id.empty())
            reporter.error(probe.place, "missing-key", "a probe needs the key \"id\"");
        checkProbe(caseFile, reporter, probe);
    }
    for (const Probe &probe : caseFile.topology.ready)
        checkProbe(caseFile, reporter, probe);
    for (const Step &step : caseFile.topology.prepare)
        checkStep(caseFile, reporter, step);
    if (caseFile.workload.isPresent)
        checkRole(
            caseFile, reporter, caseFile.workload.place, "the workload", caseFile.workload.where);
    for (const FaultEntry &fault : caseFile.faults) {
        checkRole(caseFile, reporter, fault.place, "the fault's target", fault.target.role);
        for (const auto &probe : { fault.inForce, fault.out }) {
            if (probe)
                checkProbe(caseFile, reporter, *probe);
        }
    }
    for (const std::string &role : caseFile.faultPolicy.protectedRoles)
        checkRole(caseFile, reporter, caseFile.place, "faultPolicy.protect", role);
    for (const EvidenceWish &wish : caseFile.evidence) {
        if (!wish.role.empty() && findRole(caseFile, wish.role) == nullptr)
            tellUnknown(reporter, wish.place, "unknown-role", "retention.evidence", wish.role,
                roleNames(caseFile));
    }
}

} // namespace faultline::cases
