// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/net/call.h"

#include <QTest>

#include <functional>
#include <optional>

namespace faultline::tests {

/// Starts a call and waits for its answer; ErrorKind::Timeout when none comes within 60 s.
template <typename T>
[[nodiscard]] domain::Result<T> answerOf(const std::function<net::Call(domain::Done<T>)> &start)
{
    std::optional<domain::Result<T>> out;
    const net::Call call = start([&out](domain::Result<T> result) { out = std::move(result); });
    (void)QTest::qWaitFor([&out] { return out.has_value(); }, 60'000);
    return out.value_or(domain::failure(domain::ErrorKind::Timeout, QStringLiteral("no answer")));
}

} // namespace faultline::tests
