// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/domain/ci_details.h"
#include "services/net/call.h"

namespace faultline::ci {

/// What the server thinks of our files and our token, before anything is started. The duties and
/// the thread are CiBackend's.
class CiChecks
{
public:
    CiChecks() = default;
    virtual ~CiChecks() = default;
    CiChecks(const CiChecks &) = delete;
    CiChecks &operator=(const CiChecks &) = delete;

    struct LintRequest
    {
        QString content; ///< a .gitlab-ci.yml; empty: the one that is in the repository
        QString ref; ///< as if for this branch; the default branch when empty
        bool isDryRun = false; ///< as if a pipeline were created: rules decide, too
    };

    /// Also a file that is wrong is an answer: look at isValid.
    [[nodiscard]] virtual net::Call lint(LintRequest request, domain::Done<domain::CiLint> done)
        = 0;
    /// The token that this backend uses; ErrorKind::NotFound for kinds of tokens that have no such
    /// page.
    [[nodiscard]] virtual net::Call token(domain::Done<domain::TokenFacts> done) = 0;
};

} // namespace faultline::ci
