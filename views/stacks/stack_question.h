// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/theme/theme.h"

#include <QDialog>

class QLineEdit;
class QPushButton;

namespace faultline::views {

/// Asks before something is taken away, and names it. Accepted: do it. With `typedName` the button
/// works only after exactly that was typed.
class StackQuestion : public QDialog
{
    Q_OBJECT

public:
    struct Text
    {
        QString heading;
        QString explanation;
        QString action; ///< the word on the red button
        QString typedName; ///< empty: no typing
    };
    StackQuestion(const Theme &theme, const Text &text, QWidget *parent = nullptr);
};

} // namespace faultline::views
