// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/domain/result.h"

#include <QMap>
#include <QString>

namespace faultline::stacks {

/// A docker-compose file (version 1, 2 or 3) with further labels on every service, so on every
/// container. A label that the file sets itself keeps the file's value, unless its name starts with
/// "faultline.". Values are taken literally: "$" is escaped from compose's variables. Errors
/// (ErrorKind::Invalid) name file:line:column.
[[nodiscard]] domain::Result<QString> withLabels(
    const QString &compose, const QMap<QString, QString> &labels, const QString &nameForErrors);

/// The same with other images: by service. Invalid when the file has no such service.
[[nodiscard]] domain::Result<QString> withImages(
    const QString &compose, const QMap<QString, QString> &images, const QString &nameForErrors);

} // namespace faultline::stacks
