// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/frame/page.h"
#include "views/theme/theme.h"

namespace faultline::views {

/// The place of a page that this version doesn't have yet: it says so, and what will be here.
class FuturePage : public Page
{
    Q_OBJECT

public:
    FuturePage(const Theme &theme, QString key, QString title, const QString &explanation,
        QWidget *parent = nullptr);

    [[nodiscard]] QString title() const override { return m_title; }
    [[nodiscard]] QString iconName() const override { return m_key; }
    [[nodiscard]] QString key() const override { return m_key; }

    /// Timeline, Scenes, Reports, Schedules, Fleet and Settings, in the order of the rail.
    [[nodiscard]] static QList<Page *> all(const Theme &theme);

private:
    QString m_key;
    QString m_title;
};

} // namespace faultline::views
