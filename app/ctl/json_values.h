// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/stack_book.h"
#include "services/domain/pipeline.h"

#include <QJsonObject>

namespace faultline::ctl {

/// The stable JSON shapes of --output json (docs/manual/cli.md). Times are RFC 3339 in UTC or null;
/// states are the server's own words.
[[nodiscard]] QJsonObject toJson(const domain::Stack &stack);
[[nodiscard]] QJsonObject toJson(const domain::Service &service);
[[nodiscard]] QJsonObject toJson(const domain::Container &container, const QString &hostName);
[[nodiscard]] QJsonObject toJson(const domain::Pipeline &pipeline);
[[nodiscard]] QJsonObject toJson(const domain::Job &job);
/// A stack with its services and their containers inside.
[[nodiscard]] QJsonObject toJson(const StackBook &book, const domain::Stack &stack);
[[nodiscard]] QJsonObject toJson(const StackBook &book, const domain::Service &service);

/// "0.0.0.0:8080->80/tcp, 2379/tcp" as docker writes it.
[[nodiscard]] QString portsText(const QList<domain::PortBinding> &ports);

} // namespace faultline::ctl
