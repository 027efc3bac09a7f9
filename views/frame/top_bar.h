// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/theme/theme.h"

#include <QFrame>

class QHBoxLayout;
class QMenu;
class QPushButton;
class QToolButton;

namespace faultline::views {

class HealthPill;
class NoticeBell;

/// Logo, workspace switch, one health pill per connection, notices, and the switches of the frame's
/// parts.
class TopBar : public QFrame
{
    Q_OBJECT

public:
    explicit TopBar(const Theme &theme, QWidget *parent = nullptr);

    /// Name and colour on the switch; an empty name says that none is open.
    void setWorkspace(const QString &name, const QColor &colour);
    /// The menu of the workspace switch; the application fills it.
    [[nodiscard]] QMenu &workspaceMenu() const { return *m_menu; }
    HealthPill *addPill(const QString &name);
    void clearPills();
    [[nodiscard]] const QList<HealthPill *> &pills() const { return m_pills; }
    [[nodiscard]] NoticeBell &bell() const { return *m_bell; }
    [[nodiscard]] QToolButton &dockSwitch() const { return *m_dockSwitch; }
    [[nodiscard]] QToolButton &inspectorSwitch() const { return *m_inspectorSwitch; }

private:
    QToolButton *makeSwitch(const QString &icon, const QString &toolTip, const QKeySequence &keys);

    const Theme &m_theme;
    QPushButton *m_workspace;
    QMenu *m_menu;
    QHBoxLayout *m_pillArea;
    QList<HealthPill *> m_pills;
    NoticeBell *m_bell;
    QToolButton *m_dockSwitch;
    QToolButton *m_inspectorSwitch;
};

} // namespace faultline::views
