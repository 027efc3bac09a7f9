// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/runs_filter.h"
#include "models/runs_model.h"
#include "services/session/session.h"
#include "views/frame/page.h"
#include "views/theme/theme.h"

#include <QTimer>

#include <functional>

class QLineEdit;
class QMessageBox;
class QPushButton;
class QStackedWidget;

namespace faultline::views {

class Banner;
class EmptyState;
class PlainLabel;
class StaleNote;
class RunActions;
class RunInspector;
class RunsTable;
class StartDialog;

/// What the start form shows of the request that it will send: method, address and the body's own
/// bytes. Comes from whoever knows the server's protocol.
using RequestPreview = std::function<QString(const domain::PipelineRequest &)>;

/// Cases running and recent, under their pipelines. N starts, S stops, R runs again, Enter opens
/// the log.
class RunsPage : public Page
{
    Q_OBJECT

public:
    RunsPage(const Theme &theme, models::RunsModel &model, session::Session &session,
        RequestPreview preview, QWidget *parent = nullptr);

    [[nodiscard]] QString title() const override { return tr("Runs"); }
    [[nodiscard]] QString iconName() const override { return QStringLiteral("runs"); }
    [[nodiscard]] QString key() const override { return QStringLiteral("runs"); }
    [[nodiscard]] QWidget *inspector() override;
    [[nodiscard]] bool hasContent() const override;
    [[nodiscard]] QByteArray arrangement() const override;
    void arrange(const QByteArray &arrangement) override;
    void activate() override;

    /// What the empty page says depends on how the connection is.
    void setHealth(const domain::FeedHealth &health);
    /// Clears filters that hide it; false when it is not among the runs.
    bool select(domain::JobId id);
    /// Selects it now, or as soon as it appears.
    void select(domain::PipelineId id);
    [[nodiscard]] models::RunRow currentRow() const;

public Q_SLOTS:
    void start();
    void stop();
    void retry();
    void openLog();

Q_SIGNALS:
    void logRequested(faultline::domain::JobId id);
    void stackRequested(faultline::domain::StackId id);
    void noticed(const QString &text);

private:
    struct Chip
    {
        QPushButton *button = nullptr;
        QList<models::Verdict> verdicts;
        QString word;
    };

    QWidget *makeHeading();
    QWidget *makeFilters();
    void addChip(QWidget *parent, const QString &word, const QList<models::Verdict> &verdicts);
    void connectActions();
    void addShortcut(const QKeySequence &keys, void (RunsPage::*slot)());
    void applyFilters();
    void clearFilters();
    void refresh();
    void refreshEmptyState();
    void refreshInspector();
    [[nodiscard]] int shownJobs() const;

    const Theme &m_theme;
    models::RunsModel &m_model;
    session::Session &m_session;
    RequestPreview m_preview;
    models::RunsFilter m_filter;
    RunActions *m_actions;
    Banner *m_banner;
    RunsTable *m_table;
    QStackedWidget *m_stack;
    EmptyState *m_empty;
    QPushButton *m_emptyStart;
    QPushButton *m_emptyClear;
    PlainLabel *m_count;
    StaleNote *m_stale = nullptr;
    QLineEdit *m_search;
    QPushButton *m_startButton;
    QList<Chip> m_chips;
    RunInspector *m_inspector;
    QTimer m_refresh;
    domain::FeedHealth m_health;
    domain::PipelineId m_wanted;
};

} // namespace faultline::views
