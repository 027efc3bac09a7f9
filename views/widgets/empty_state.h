// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/theme/theme.h"

#include <QWidget>

class QPushButton;

namespace faultline::views {

class IconLabel;
class PlainLabel;

/// What an empty page shows: what would be here, why it is not, and the next action.
class EmptyState : public QWidget
{
    Q_OBJECT

public:
    EmptyState(const Theme &theme, const QString &icon, QWidget *parent = nullptr);

    void setText(const QString &title, const QString &explanation);
    /// Adds an action below the text; `primary` at most once.
    QPushButton *addAction(const QString &text, const QString &icon, bool primary);

private:
    const Theme &m_theme;
    IconLabel *m_icon;
    PlainLabel *m_title;
    PlainLabel *m_explanation;
    QWidget *m_actions;
};

} // namespace faultline::views
