// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCoreApplication>

namespace faultline::runs {

/// Text::tr("…") for every sentence of a run.
struct Text
{
    Q_DECLARE_TR_FUNCTIONS(caserun)
};

} // namespace faultline::runs
