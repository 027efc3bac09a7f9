// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/theme/theme.h"

namespace faultline::views {

/// A colour of the xterm palette (0…255) as text on the scheme's window colour: the sixteen named
/// ones are the scheme's own, others are moved towards the text colour until they can be read.
[[nodiscard]] QColor logTextColour(Theme::Scheme scheme, int index);

/// The same as a background, muted so that text on it can be read.
[[nodiscard]] QColor logBackColour(Theme::Scheme scheme, int index);

} // namespace faultline::views
