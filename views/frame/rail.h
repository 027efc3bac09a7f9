// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/theme/theme.h"

#include <QFrame>

class QAbstractButton;
class QVBoxLayout;

namespace faultline::views {

/// The pages at the left: an icon and a word each, one of them current. Ctrl+1…8 are on the
/// buttons.
class Rail : public QFrame
{
    Q_OBJECT

public:
    explicit Rail(const Theme &theme, QWidget *parent = nullptr);

    /// Adds a page at the end; its index is the number of pages before it.
    void addPage(const QString &title, const QString &icon);
    void setCurrent(int index);
    [[nodiscard]] int count() const { return static_cast<int>(m_buttons.size()); }
    void clear();

Q_SIGNALS:
    void chosen(int index);

private:
    const Theme &m_theme;
    QVBoxLayout *m_layout;
    QList<QAbstractButton *> m_buttons;
};

} // namespace faultline::views
