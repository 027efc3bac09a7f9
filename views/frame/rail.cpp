// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/frame/rail.h"

#include "views/frame/rail_button.h"

#include <QVBoxLayout>

namespace faultline::views {

Rail::Rail(const Theme &theme, QWidget *parent)
    : QFrame(parent)
    , m_theme(theme)
    , m_layout(new QVBoxLayout(this))
{
    setProperty("surface", QStringLiteral("panel"));
    setFixedWidth(metrics::rail);
    m_layout->setContentsMargins(0, 6, 0, 6);
    m_layout->setSpacing(0);
    m_layout->addStretch();
}

void Rail::addPage(const QString &title, const QString &icon)
{
    const int index = count();
    auto *button = new RailButton(m_theme, title, icon, this);
    const QKeySequence keys(Qt::CTRL | static_cast<Qt::Key>(Qt::Key_1 + index));
    if (index < 9)
        button->setShortcut(keys);
    button->setToolTip(
        QStringLiteral("%1  %2").arg(title, keys.toString(QKeySequence::NativeText)));
    connect(button, &QAbstractButton::clicked, this, [this, index] { Q_EMIT chosen(index); });
    m_layout->insertWidget(index, button);
    m_buttons.append(button);
}

void Rail::setCurrent(int index)
{
    if (index >= 0 && index < count())
        m_buttons.at(index)->setChecked(true);
}

void Rail::clear()
{
    qDeleteAll(m_buttons);
    m_buttons.clear();
}

} // namespace faultline::views
