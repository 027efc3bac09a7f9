// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/stacks/stack_backend.h"

// moc needs a translation unit; the interface itself has no code.
