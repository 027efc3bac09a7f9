// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/theme/theme.h"

#include <QDialog>

namespace faultline::views {

/// Asks before a run is stopped, and names it. Accepted: stop it.
class StopQuestion : public QDialog
{
    Q_OBJECT

public:
    StopQuestion(const Theme &theme, const QString &name, QWidget *parent = nullptr);
};

} // namespace faultline::views
