// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCoreApplication>

namespace faultline::faults {

/// Texts for people.
class Text
{
    Q_DECLARE_TR_FUNCTIONS(faults)
};

} // namespace faultline::faults
