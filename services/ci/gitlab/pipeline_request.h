// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/domain/pipeline.h"

#include <QJsonArray>
#include <QJsonObject>
#include <QMap>
#include <QUrl>

namespace faultline::ci::gitlab {

/// "/api/v4/projects/db%2Fstability": the start of every path of a project, given by its path or
/// number.
[[nodiscard]] QString projectPath(const QString &project);

/// Variables as GitLab takes them: a list of key and value.
[[nodiscard]] QJsonArray listOfVariables(const QMap<QString, QString> &variables);

/// Inputs as GitLab takes them: an object of values.
[[nodiscard]] QJsonObject mapOfInputs(const QMap<QString, QJsonValue> &inputs);

/// The body of "create a new pipeline", as it goes over the wire: variables as a list of key and
/// value (facts: gitlab.md §2).
[[nodiscard]] QByteArray createPipelineBody(const domain::PipelineRequest &request);

/// That request for people, before it is sent: "POST https://…/pipeline", an empty line, and
/// exactly the bytes of the body. Without headers: one of them is the token.
[[nodiscard]] QString shownCreateRequest(
    const QUrl &origin, const QString &project, const domain::PipelineRequest &request);

} // namespace faultline::ci::gitlab
