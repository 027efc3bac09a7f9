// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/stack_book.h"

namespace faultline::ctl {

/// Containers for people: name, state, image, address, host, ports. Also the "ways in" that `up`
/// prints.
[[nodiscard]] QString containerTable(
    const StackBook &book, const QList<domain::Container> &containers);

} // namespace faultline::ctl
