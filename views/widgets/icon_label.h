// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/theme/theme.h"

#include <QWidget>

namespace faultline::views {

/// An icon as a widget, painted afresh in the scheme and scale of the moment.
class IconLabel : public QWidget
{
    Q_OBJECT

public:
    IconLabel(const Theme &theme, int size, QWidget *parent = nullptr);

    void setIcon(const QString &name, Token token);

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    const Theme &m_theme;
    QIcon m_icon;
};

} // namespace faultline::views
