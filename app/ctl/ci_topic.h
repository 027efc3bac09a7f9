// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/context.h"
#include "app/ctl/text.h"

namespace faultline::ctl {

/// Context::askCi for the verbs of one topic; ErrorKind::Invalid when this CI has no such thing.
template <typename T, typename Topic>
[[nodiscard]] domain::Result<T> askTopic(Context &context, Topic *(ci::CiBackend::*topic)(),
    std::function<net::Call(Topic &, domain::Done<T>)> verb)
{
    return context.askCi<T>(
        [topic, verb = std::move(verb)](ci::CiBackend &backend, domain::Done<T> done) -> net::Call {
            if (Topic *verbs = (backend.*topic)())
                return verb(*verbs, std::move(done));
            const net::Promise<T> promise(std::move(done));
            promise.finishLater(&backend,
                domain::failure(domain::ErrorKind::Invalid, Text::tr("This CI can't do that.")));
            return promise.call();
        });
}

} // namespace faultline::ctl
