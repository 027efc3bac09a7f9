// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCoreApplication>

#include <string>

namespace faultline::ctl {

/// Text::tr("…") is how every user-visible text of the command line reaches the translators.
struct Text
{
    Q_DECLARE_TR_FUNCTIONS(faultlinectl)
};

/// What CLI11 and the Qt-free layers hold, as Qt wants it.
[[nodiscard]] inline QString text(const std::string &utf8)
{
    return QString::fromStdString(utf8);
}

} // namespace faultline::ctl
