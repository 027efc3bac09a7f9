// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/domain/result.h"

#include <QByteArray>
#include <QList>
#include <QMap>
#include <QStringList>

namespace faultline::cases {

/// A named set of cases that run together.
struct Suite
{
    QString name;
    QStringList cases; ///< in the file's order, each once
    QMap<QString, QString> labels;

    friend bool operator==(const Suite &, const Suite &) = default;
};

/// Reads `suites.yaml` of a test repository: suites in the file's order. Errors
/// (ErrorKind::Invalid) name the line and column in `nameForErrors`. Aliases and files over 1 MiB
/// are refused, so that a small file can't become a large one.
[[nodiscard]] domain::Result<QList<Suite>> parseSuites(
    const QByteArray &yaml, const QString &nameForErrors);

/// The key `images` of the same file: by role, the template of an image's reference, in which
/// {version}, {branch}, {tag} and {commit} stand for what a case says of the role's version. Empty
/// when there is none; errors as parseSuites().
[[nodiscard]] domain::Result<QMap<QString, QString>> parseImageTemplates(
    const QByteArray &yaml, const QString &nameForErrors);

/// Every case that some suite names, sorted, each once.
[[nodiscard]] QStringList allCases(const QList<Suite> &suites);

} // namespace faultline::cases
