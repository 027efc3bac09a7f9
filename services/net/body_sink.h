// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/domain/result.h"

#include <QByteArrayView>

#include <variant>

namespace faultline::net {

/// Where the body of an answer goes instead of into memory. Only bodies of 2xx answers: those of
/// errors are read as usual, for the server's words. On the thread of the client.
class BodySink
{
public:
    BodySink() = default;
    virtual ~BodySink() = default;
    BodySink(const BodySink &) = delete;
    BodySink &operator=(const BodySink &) = delete;

    /// An answer begins; a repeated request begins again, and what came before is void.
    [[nodiscard]] virtual domain::Result<std::monostate> begin() = 0;
    [[nodiscard]] virtual domain::Result<std::monostate> write(QByteArrayView bytes) = 0;
};

} // namespace faultline::net
