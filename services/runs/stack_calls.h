// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/net/across_threads.h"
#include "services/stacks/stack_backend.h"

namespace faultline::runs {

/// Waits on a flow thread for a verb of a backend. The verb must hold values, not references.
template <typename T>
[[nodiscard]] domain::Result<T> ask(stacks::StackBackend &backend,
    std::function<net::Call(stacks::StackBackend &, domain::Done<T>)> verb,
    std::chrono::milliseconds limit, const net::CancelToken &token = {})
{
    return net::waitFor<T>(
        &backend,
        [&backend, verb = std::move(verb)](
            domain::Done<T> done) { return verb(backend, std::move(done)); },
        limit, token);
}

} // namespace faultline::runs
