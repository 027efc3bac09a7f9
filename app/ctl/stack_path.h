// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/stack_book.h"
#include "services/domain/result.h"

namespace faultline::ctl {

/// "STACK", "STACK/SERVICE" or "STACK/SERVICE/CONTAINER" as people type it; each part a name or an
/// id.
struct StackPath
{
    QString stack;
    QString service; ///< may be empty
    QString container; ///< may be empty

    /// ErrorKind::Invalid for an empty part or more than three.
    [[nodiscard]] static domain::Result<StackPath> parse(const QString &text);
};

/// Lookups by name or id; ErrorKind::NotFound names the nearest existing name when there is one.
[[nodiscard]] domain::Result<domain::Stack> findStack(
    const StackBook &book, const QString &nameOrId);
[[nodiscard]] domain::Result<domain::Service> findService(
    const StackBook &book, const domain::Stack &stack, const QString &nameOrId);
/// A container of a stack by its name, by its short name without the stack's ("etcd-1" of
/// "kv-etcd-1"), or by id.
[[nodiscard]] domain::Result<domain::Container> findContainer(
    const StackBook &book, const domain::Stack &stack, const QString &nameOrId);
/// "STACK/CONTAINER" (also "STACK/SERVICE/CONTAINER"), or a container's id alone.
[[nodiscard]] domain::Result<domain::Container> findContainer(
    const StackBook &book, const QString &text);

} // namespace faultline::ctl
