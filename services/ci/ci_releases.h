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
    /// One more link; ErrorKind::Invalid for a name or an address that it has already.
    [[nodiscard]] virtual net::Call addLink(
        QString tag, domain::ReleaseLink link, domain::Done<domain::ReleaseLink> done)
        = 0;
    /// `link` tells which by its id; its empty fields stay as they are.
    [[nodiscard]] virtual net::Call changeLink(
        QString tag, domain::ReleaseLink link, domain::Done<domain::ReleaseLink> done)
        = 0;
    [[nodiscard]] virtual net::Call removeLink(
        QString tag, domain::ReleaseLinkId id, domain::Done<void> done)
        = 0;
    /// The tag stays.
    [[nodiscard]] virtual net::Call remove(QString tag, domain::Done<void> done) = 0;
};

} // namespace faultline::ci
