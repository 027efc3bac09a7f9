// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/theme/theme.h"

#include <QAbstractButton>

namespace faultline::views {

/// One page in the rail: icon above word, a bar in the accent colour while current.
class RailButton : public QAbstractButton
{
    Q_OBJECT

public:
    RailButton(const Theme &theme, const QString &title, const QString &icon, QWidget *parent);

    [[nodiscard]] QSize sizeHint() const override { return { metrics::rail, 56 }; }

protected:
    void paintEvent(QPaintEvent *event) override;
    void enterEvent(QEnterEvent *event) override;
    void leaveEvent(QEvent *event) override;

private:
    const Theme &m_theme;
};

} // namespace faultline::views
