// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/domain/stack.h"
#include "views/theme/theme.h"

namespace faultline::views {

/// The colour of a tone, as text and as a dot.
[[nodiscard]] Token tokenFor(domain::Tone tone);

/// The icon that says the same as the colour (resources/icons), for people who don't tell colours
/// apart.
[[nodiscard]] QString iconFor(domain::Tone tone);

/// The style sheet's name of a tone, for PlainLabel::setTone.
[[nodiscard]] const char *toneName(domain::Tone tone);

} // namespace faultline::views
