// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/theme/theme.h"

#include <QIconEngine>
#include <QPointer>

namespace faultline::views {

/// Paints a stroke icon whose lines are `currentColor` in the theme's colour of the moment.
class SvgIconEngine : public QIconEngine
{
public:
    SvgIconEngine(const Theme &theme, QString name, Token token, Token checked);

    void paint(QPainter *painter, const QRect &rect, QIcon::Mode mode, QIcon::State state) override;
    QPixmap pixmap(const QSize &size, QIcon::Mode mode, QIcon::State state) override;
    QPixmap scaledPixmap(
        const QSize &size, QIcon::Mode mode, QIcon::State state, qreal scale) override;
    [[nodiscard]] QIconEngine *clone() const override;

private:
    [[nodiscard]] QColor colorFor(QIcon::Mode mode, QIcon::State state) const;

    QPointer<const Theme> m_theme;
    QString m_name;
    Token m_token;
    Token m_checked;
};

} // namespace faultline::views
