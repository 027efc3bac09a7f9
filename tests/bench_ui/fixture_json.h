// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/domain/pipeline.h"
#include "services/domain/stack.h"

#include <QByteArrayList>

namespace faultline::bench {

/// The values as GitLab and Rancher write them, with fields beside that nobody reads, so that they
/// have the size of real ones.
[[nodiscard]] QByteArray jsonOf(const domain::Job &job);
[[nodiscard]] QByteArray jsonOf(const domain::Pipeline &pipeline);
[[nodiscard]] QByteArray jsonOf(const domain::Stack &stack);
[[nodiscard]] QByteArray jsonOf(const domain::Service &service);
[[nodiscard]] QByteArray jsonOf(const domain::Container &container);
[[nodiscard]] QByteArray jsonOf(const domain::Host &host);

template <typename T>
[[nodiscard]] QByteArray collection(const QList<T> &items)
{
    QByteArrayList out;
    for (const T &item : items)
        out.append(jsonOf(item));
    return R"({"type":"collection","pagination":{"first":null,"next":null,"partial":false},"data":[)"
        + out.join(',') + "]}";
}

} // namespace faultline::bench
