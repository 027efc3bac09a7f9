// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCoreApplication>

namespace faultline::ctl {

/// Text::tr("…") is how every user-visible text of the command line reaches the translators.
struct Text
{
    Q_DECLARE_TR_FUNCTIONS(faultlinectl)
};

} // namespace faultline::ctl
