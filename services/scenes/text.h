// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCoreApplication>

namespace faultline::scenes {

/// Text::tr("…") for every sentence about scenes.
struct Text
{
    Q_DECLARE_TR_FUNCTIONS(scenes)
};

} // namespace faultline::scenes
