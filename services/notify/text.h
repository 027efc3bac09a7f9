// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCoreApplication>

namespace faultline::notify {

/// Text::tr("…") for every sentence about messages to people and servers.
struct Text
{
    Q_DECLARE_TR_FUNCTIONS(notify)
};

} // namespace faultline::notify
