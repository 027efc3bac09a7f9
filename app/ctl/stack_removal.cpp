// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/stack_removal.h"

#include "app/ctl/stack_judges.h"
#include "app/ctl/text.h"

namespace faultline::ctl {

domain::Result<void> removeStack(Context &context, const domain::Stack &stack, bool waits)
{
    std::unique_ptr<StackWatch> watch;
    if (waits) {
        auto opened = StackWatch::open(context);
        if (!opened)
            return domain::failure(opened.error());
        watch = std::move(*opened);
    }
    const auto removed = context.askStacks<domain::Stack>(
        [id = stack.id](stacks::StackBackend &backend, auto done) {
            return backend.removeStack(id, std::move(done));
        });
    if (!removed)
        return domain::failure(removed.error());
    if (!watch)
        return {};
    const auto gone = watch->until(untilStackGone(stack.id, stack.name),
        Text::tr("The removal of the stack \"%1\"").arg(stack.name));
    return gone ? domain::Result<void>() : domain::failure(gone.error());
}

} // namespace faultline::ctl
