// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/runs/sql_login.h"

#include "services/runs/checks.h"
#include "services/runs/probe_attempt.h"
#include "services/settings/workspace.h"

#include <set>

namespace faultline::runs {

namespace {

std::set<std::string> referencesOf(const cases::CaseFile &caseFile)
{
    std::set<std::string> out;
    for (const auto *probes : { &caseFile.probes, &caseFile.topology.ready }) {
        for (const cases::Probe &probe : *probes)
            out.insert(probe.password);
    }
    for (const cases::Step &step : caseFile.topology.prepare)
        out.insert(step.password);
    for (const cases::Check &check : caseFile.checks) {
        if (check.kind == "sql.invariant" && !check.isSkipped)
            out.insert(argumentOf(check, "password"));
    }
    out.erase(std::string());
    return out;
}

} // namespace

domain::Result<SqlPasswords> readPasswords(const cases::CaseFile &caseFile)
{
    SqlPasswords out;
    for (const std::string &reference : referencesOf(caseFile)) {
        const auto secret = settings::resolveSecret({ QString::fromStdString(reference) },
            QStringLiteral("password"), QString::fromStdString(caseFile.file));
        if (!secret) { // the case asks for what can't be done here
            domain::Error error = secret.error();
            error.kind = domain::ErrorKind::Invalid;
            return domain::failure(std::move(error));
        }
        out[reference] = secret->toStdString();
    }
    return out;
}

SqlServer sqlServer(const QString &address, const std::string &target, const std::string &user,
    const std::string &password, const SqlPasswords &passwords)
{
    SqlServer out;
    const qsizetype colon = address.lastIndexOf(u':');
    QString host = address.left(colon);
    if (host.startsWith(u'[') && host.endsWith(u']'))
        host = host.mid(1, host.size() - 2);
    out.host = host.toStdString();
    out.port = address.mid(colon + 1).toInt();
    const std::string path = probeTarget(target).path;
    out.database = path.empty() ? path : path.substr(1);
    out.user = user.empty() ? "root" : user;
    const auto found = passwords.find(password);
    if (found != passwords.end())
        out.password = found->second;
    return out;
}

} // namespace faultline::runs
