// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/domain/result.h"

#include <QJsonValue>
#include <QMap>
#include <QString>

#include <string>
#include <vector>

namespace faultline::ctl {

/// Reads repeated "NAME=VALUE" options; a later one wins. `option` names them in errors
/// (ErrorKind::Invalid).
[[nodiscard]] domain::Result<QMap<QString, QString>> parseAssignments(
    const std::vector<std::string> &texts, const QString &option);

/// The same for inputs, whose values have kinds: a number, true, false or a list of JSON is that,
/// and everything else a text.
[[nodiscard]] domain::Result<QMap<QString, QJsonValue>> parseInputs(
    const std::vector<std::string> &texts, const QString &option);

} // namespace faultline::ctl
