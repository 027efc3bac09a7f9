// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/domain/feed.h"
#include "services/session/session.h"
#include "views/frame/page.h"
#include "views/stacks/stack_actions.h"
#include "views/theme/theme.h"

#include <QTimer>

#include <array>

class QLineEdit;
class QMenu;
class QPushButton;
class QStackedWidget;

namespace faultline::views {

class Banner;
class EmptyState;
class PlainLabel;
class StaleNote;
class StackInspector;
class StackTable;

/// Stacks, their services and containers, live. / filters, Del removes, + and − scale the selected
/// service.
class StacksPage : public Page
{
    Q_OBJECT

public:
    StacksPage(const Theme &theme, models::StackTreeModel &model, session::Session &session,
        QWidget *parent = nullptr);

    [[nodiscard]] QString title() const override { return tr("Stacks"); }
    [[nodiscard]] QString iconName() const override { return QStringLiteral("stacks"); }
    [[nodiscard]] QString key() const override { return QStringLiteral("stacks"); }
    [[nodiscard]] QWidget *inspector() override;
    [[nodiscard]] bool hasContent() const override;
    [[nodiscard]] QByteArray arrangement() const override;
    void arrange(const QByteArray &arrangement) override;
    void activate() override;

    /// What the empty page says depends on how the connection is.
    void setHealth(const domain::FeedHealth &health);
    /// Clears a filter that hides it, opens it and brings it into view.
    void select(const domain::StackId &id);
    [[nodiscard]] StackTable *table() const { return m_table; }
    [[nodiscard]] QLineEdit *filterField() const { return m_filter; }

    /// Does it to the selected row; Stop and Remove ask first.
    void run(StackVerb verb);
    void scale(int scale);

Q_SIGNALS:
    void noticed(const QString &text);
    /// A person wants to see the run that made the selected stack.
    void runRequested(faultline::domain::JobId id);

private:
    QWidget *makeHeading();
    QWidget *makeToolBar();
    void connectModel();
    void addShortcut(const QKeySequence &keys, std::function<void()> action);
    void applyFilter();
    void refreshSoon();
    void refresh();
    void refreshActions();
    void refreshEmptyState();
    void showMenu(QPoint point);
    void addVerb(QMenu &menu, StackVerb verb);
    void showRun();
    void askToRemove(const StackActions::Target &target);
    void askToStop(const StackActions::Target &target);
    void askToScaleToNothing(const StackActions::Target &target);
    [[nodiscard]] QModelIndex current() const;

    const Theme &m_theme;
    models::StackTreeModel &m_model;
    StackActions *m_actions;
    Banner *m_banner;
    StackTable *m_table;
    EmptyState *m_empty;
    QPushButton *m_emptyClear;
    QStackedWidget *m_pages;
    StackInspector *m_inspector;
    PlainLabel *m_count = nullptr;
    StaleNote *m_stale = nullptr;
    QLineEdit *m_filter = nullptr;
    std::array<QPushButton *, 4> m_verbs{};
    QTimer m_refresh;
    domain::FeedHealth m_health;
};

} // namespace faultline::views
