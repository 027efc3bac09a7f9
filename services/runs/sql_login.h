// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/cases/schema/case_file.h"
#include "services/domain/result.h"
#include "services/runs/sql/sql_exchange.h"

#include <QString>

#include <map>

namespace faultline::runs {

/// Passwords by where the case says they are. In memory only.
using SqlPasswords = std::map<std::string, std::string>;

/// Reads every password that the case refers to. Errors name the reference, never what it holds.
/// May wait for the keychain's own dialog.
[[nodiscard]] domain::Result<SqlPasswords> readPasswords(const cases::CaseFile &caseFile);

/// A server at "address:port" for a target "role:port/database"; root without a user's name.
[[nodiscard]] SqlServer sqlServer(const QString &address, const std::string &target,
    const std::string &user, const std::string &password, const SqlPasswords &passwords);

} // namespace faultline::runs
