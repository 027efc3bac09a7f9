// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/domain/ci_details.h"
#include "services/net/call.h"

#include <optional>

namespace faultline::ci {

struct ReleaseSpec
{
    QString tag;
    QString ref; ///< where to make the tag when it does not exist
    QString name;
    QString description; ///< Markdown
    QList<domain::ReleaseLink> links;
};

/// Releases of the project, and what the console says of a commit. The duties and the thread are
/// CiBackend's.
class CiReleases
{
public:
    CiReleases() = default;
    virtual ~CiReleases() = default;
    CiReleases(const CiReleases &) = delete;
    CiReleases &operator=(const CiReleases &) = delete;

    /// Newest first.
    [[nodiscard]] virtual net::Call list(domain::Done<QList<domain::Release>> done) = 0;
    [[nodiscard]] virtual net::Call one(QString tag, domain::Done<domain::Release> done) = 0;
    /// ErrorKind::Conflict when the tag has a release already.
    [[nodiscard]] virtual net::Call create(ReleaseSpec spec, domain::Done<domain::Release> done)
        = 0;
    /// Name and description; what is not set stays.
    [[nodiscard]] virtual net::Call change(QString tag, std::optional<QString> name,
        std::optional<QString> description, domain::Done<domain::Release> done)
        = 0;
    /// The tag stays.
    [[nodiscard]] virtual net::Call remove(QString tag, domain::Done<void> done) = 0;
};

} // namespace faultline::ci
