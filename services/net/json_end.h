// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

namespace faultline::net {

/// False when `body` is a JSON object or array that ends too early: a bracket or a string is still
/// open. Anything that doesn't start like one is taken for whole. Does not check the JSON
/// otherwise.
[[nodiscard]] bool isWholeJson(const QByteArray &body);

} // namespace faultline::net
