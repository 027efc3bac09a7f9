// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/scenes/scene_notes.h"

#include "services/scenes/text.h"

#include <algorithm>

namespace faultline::scenes {

using std::chrono::milliseconds;

domain::Result<void> writeScene(stacks::StackBackend &backend, const Scene &scene,
    const QList<domain::Service> &services, milliseconds limit, const net::CancelToken &token)
{
    const auto deadline = std::chrono::steady_clock::now() + limit;
    int written = 0;
    for (const domain::Service &service : services) {
        if (service.stackId != scene.stackId)
            continue;
        const auto left
            = std::chrono::ceil<milliseconds>(deadline - std::chrono::steady_clock::now());
        const auto noted = net::waitFor<domain::Service>(
            &backend,
            [&backend, id = service.id, notes = notesOf(scene)](
                domain::Done<domain::Service> done) {
                return backend.noteOnService(id, notes, std::move(done));
            },
            std::max(left, milliseconds(1)), token);
        if (!noted)
            return domain::failure(noted.error());
        ++written;
    }
    if (written == 0)
        return domain::failure(domain::ErrorKind::Invalid,
            Text::tr("The stack %1 has no service beside which a scene could be noted.")
                .arg(scene.stack));
    return {};
}

domain::Result<stacks::StackSnapshot> askSnapshot(
    stacks::StackBackend &backend, milliseconds limit, const net::CancelToken &token)
{
    return net::waitFor<stacks::StackSnapshot>(
        &backend,
        [&backend](
            domain::Done<stacks::StackSnapshot> done) { return backend.snapshot(std::move(done)); },
        limit, token);
}

} // namespace faultline::scenes
