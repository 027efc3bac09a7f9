// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/widgets/icon_label.h"

#include <QPainter>

namespace faultline::views {

IconLabel::IconLabel(const Theme &theme, int size, QWidget *parent)
    : QWidget(parent)
    , m_theme(theme)
{
    setFixedSize(size, size);
}

void IconLabel::setIcon(const QString &name, Token token)
{
    m_icon = m_theme.icon(name, token);
    update();
}

void IconLabel::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    m_icon.paint(&painter, rect());
}

} // namespace faultline::views
