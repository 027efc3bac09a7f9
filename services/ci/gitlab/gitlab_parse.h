// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/ci/ci_backend.h"

#include <QByteArray>

/// Answers of GitLab's REST API v4 as values (facts: gitlab.md §2, §3, §6). Pure functions; `where`
/// names the request in errors. Unknown fields are ignored, missing and null ones leave a value's
/// default; an object without an id, or an id that 64 bits can't hold, is ErrorKind::Server. Any
/// thread.
namespace faultline::ci::gitlab {

[[nodiscard]] domain::Result<QList<domain::Pipeline>> parsePipelines(
    const QByteArray &json, const QString &where);
[[nodiscard]] domain::Result<domain::Pipeline> parsePipeline(
    const QByteArray &json, const QString &where);
[[nodiscard]] domain::Result<QList<domain::Job>> parseJobs(
    const QByteArray &json, const QString &where);
[[nodiscard]] domain::Result<domain::Job> parseJob(const QByteArray &json, const QString &where);
[[nodiscard]] domain::Result<QList<domain::Runner>> parseRunners(
    const QByteArray &json, const QString &where);
[[nodiscard]] domain::Result<domain::Runner> parseRunner(
    const QByteArray &json, const QString &where);
/// Names only.
[[nodiscard]] domain::Result<QStringList> parseBranches(
    const QByteArray &json, const QString &where);
/// One text field of an object, e.g. `username` of GET /user; empty when it is absent.
[[nodiscard]] domain::Result<QString> parseTextField(
    const QByteArray &json, const QByteArray &field, const QString &where);

} // namespace faultline::ci::gitlab
