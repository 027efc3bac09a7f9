// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/domain/ci_details.h"
#include "services/domain/result.h"

/// The rest of GitLab's answers as values; the rules of gitlab_parse.h.
namespace faultline::ci::gitlab {

template <typename T>
using Parsed = domain::Result<T>;

[[nodiscard]] Parsed<QList<domain::CiVariable>> parseVariables(const QByteArray &, const QString &);
[[nodiscard]] Parsed<QList<domain::Bridge>> parseBridges(const QByteArray &, const QString &);
/// Both test_report and test_report_summary.
[[nodiscard]] Parsed<domain::TestReport> parseTestReport(const QByteArray &, const QString &);
[[nodiscard]] Parsed<QList<domain::Schedule>> parseSchedules(const QByteArray &, const QString &);
[[nodiscard]] Parsed<domain::Schedule> parseSchedule(const QByteArray &, const QString &);
[[nodiscard]] Parsed<QList<domain::CiTrigger>> parseTriggers(const QByteArray &, const QString &);
[[nodiscard]] Parsed<domain::CiTrigger> parseTrigger(const QByteArray &, const QString &);
[[nodiscard]] Parsed<QList<domain::Release>> parseReleases(const QByteArray &, const QString &);
[[nodiscard]] Parsed<domain::Release> parseRelease(const QByteArray &, const QString &);
[[nodiscard]] Parsed<domain::ReleaseLink> parseReleaseLink(const QByteArray &, const QString &);
[[nodiscard]] Parsed<QList<domain::Hook>> parseHooks(const QByteArray &, const QString &);
[[nodiscard]] Parsed<domain::Hook> parseHook(const QByteArray &, const QString &);
[[nodiscard]] Parsed<QList<domain::HookEvent>> parseHookEvents(const QByteArray &, const QString &);
[[nodiscard]] Parsed<QList<domain::CommitStatus>> parseCommitStatuses(
    const QByteArray &, const QString &);
[[nodiscard]] Parsed<domain::CommitStatus> parseCommitStatus(const QByteArray &, const QString &);
[[nodiscard]] Parsed<domain::CiLint> parseLint(const QByteArray &, const QString &);
[[nodiscard]] Parsed<domain::TokenFacts> parseToken(const QByteArray &, const QString &);

} // namespace faultline::ci::gitlab
