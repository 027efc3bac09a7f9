// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/stack_lookup.h"

#include "app/ctl/text.h"

#include <QRegularExpression>

namespace faultline::ctl {

domain::Result<domain::Stack> askStack(Context &context, const QString &nameOrId)
{
    const auto named
        = context.askStacks<domain::Stack>([nameOrId](stacks::StackBackend &backend, auto done) {
              return backend.stackByName(nameOrId, std::move(done));
          });
    static const QRegularExpression idShape(QStringLiteral("^[0-9]+[a-z]+[0-9]+$"));
    const bool isMissing = !named && named.error().kind == domain::ErrorKind::NotFound;
    if (!isMissing || !idShape.match(nameOrId).hasMatch())
        return named;
    return context.askStacks<domain::Stack>([nameOrId](stacks::StackBackend &backend, auto done) {
        return backend.stack(domain::StackId(nameOrId), std::move(done));
    });
}

domain::Result<StackBook> askBook(Context &context)
{
    const auto snapshot = context.askStacks<stacks::StackSnapshot>(
        [](stacks::StackBackend &backend, auto done) { return backend.snapshot(std::move(done)); });
    if (!snapshot)
        return domain::failure(snapshot.error());
    return StackBook(*snapshot);
}

} // namespace faultline::ctl
