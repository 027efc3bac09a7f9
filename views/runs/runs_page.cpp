// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/runs/runs_page.h"

#include "views/runs/run_actions.h"
#include "views/runs/run_inspector.h"
#include "views/runs/runs_table.h"
#include "views/runs/start_dialog.h"
#include "views/runs/stop_question.h"
#include "views/widgets/banner.h"
#include "views/widgets/empty_state.h"
#include "views/widgets/plain_label.h"
#include "views/widgets/stale_note.h"

#include <QAction>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLineEdit>
#include <QLocale>
#include <QPushButton>
#include <QShortcut>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace faultline::views {

using models::RunRow;
using models::Verdict;

RunsPage::RunsPage(const Theme &theme, models::RunsModel &model, session::Session &session,
    RequestPreview preview, QWidget *parent)
    : Page(parent)
    , m_theme(theme)
    , m_model(model)
    , m_session(session)
    , m_preview(std::move(preview))
    , m_actions(new RunActions(session, model, this))
    , m_banner(new Banner(theme, this))
    , m_table(new RunsTable(theme, this))
    , m_stack(new QStackedWidget(this))
    , m_empty(new EmptyState(theme, QStringLiteral("runs"), this))
    , m_inspector(new RunInspector(theme, this))
{
    m_filter.setSourceModel(&model);
    m_table->setModel(&m_filter);
    m_emptyStart = m_empty->addAction(tr("Start a case"), QStringLiteral("start"), true);
    m_emptyClear = m_empty->addAction(tr("Clear the filters"), {}, false);
    m_stack->addWidget(m_table);
    m_stack->addWidget(m_empty);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(metrics::pageMargin, 12, 0, 0);
    layout->setSpacing(8);
    layout->addWidget(makeHeading());
    layout->addWidget(makeFilters());
    layout->addWidget(m_banner);
    layout->addWidget(m_stack, 1);
    connectActions();
    m_inspector->hide(); // the frame takes and shows it
    setFocusPolicy(Qt::ClickFocus);
    refresh();
}

QWidget *RunsPage::makeHeading()
{
    auto *heading = new QWidget(this);
    auto *layout = new QHBoxLayout(heading);
    layout->setContentsMargins(0, 0, metrics::pageMargin, 0);
    layout->setSpacing(10);
    m_count = new PlainLabel({}, "muted", heading);
    m_search = new QLineEdit(heading);
    m_search->setPlaceholderText(tr("Search case, ref, stack, runner…  /"));
    m_search->setClearButtonEnabled(true);
    m_search->setFixedWidth(280);
    m_search->addAction(
        m_theme.icon(QStringLiteral("search"), Token::Muted), QLineEdit::LeadingPosition);
    m_startButton = new QPushButton(QLatin1Char(' ') + tr("Start a case"), heading);
    m_startButton->setProperty("kind", QStringLiteral("primary"));
    m_startButton->setIcon(m_theme.icon(QStringLiteral("start"), Token::OnAccent));
    m_startButton->setToolTip(tr("Choose a suite or a case and start it (N)"));
    layout->addWidget(new PlainLabel(tr("Runs"), "title", heading));
    layout->addWidget(m_count);
    m_stale = new StaleNote(heading);
    layout->addWidget(m_stale);
    layout->addStretch();
    layout->addWidget(m_search);
    layout->addWidget(m_startButton);
    return heading;
}

QWidget *RunsPage::makeFilters()
{
    auto *row = new QWidget(this);
    auto *layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, metrics::pageMargin, 0);
    layout->setSpacing(8);
    addChip(row, tr("running"), { Verdict::Running });
    addChip(row, tr("failed"), { Verdict::Fail, Verdict::Infrastructure, Verdict::Unknown });
    addChip(row, tr("queued"), { Verdict::Queued, Verdict::Manual });
    addChip(row, tr("passed"), { Verdict::Pass });
    addChip(row, tr("stopped"), { Verdict::Cancelled, Verdict::Skipped });
    layout->addStretch();
    return row;
}

void RunsPage::addChip(QWidget *parent, const QString &word, const QList<Verdict> &verdicts)
{
    auto *button = new QPushButton(word, parent);
    button->setCheckable(true);
    button->setProperty("kind", QStringLiteral("chip"));
    parent->layout()->addWidget(button);
    connect(button, &QPushButton::toggled, this, &RunsPage::applyFilters);
    m_chips.append({ button, verdicts, word });
}

void RunsPage::connectActions()
{
    connect(m_startButton, &QPushButton::clicked, this, &RunsPage::start);
    connect(m_emptyStart, &QPushButton::clicked, this, &RunsPage::start);
    connect(m_emptyClear, &QPushButton::clicked, this, &RunsPage::clearFilters);
    connect(m_search, &QLineEdit::textChanged, this, &RunsPage::applyFilters);
    connect(m_table, &RunsTable::opened, this, &RunsPage::openLog);
    connect(m_table, &RunsTable::currentRowChanged, this, &RunsPage::refreshInspector);
    connect(m_inspector, &RunInspector::logRequested, this, &RunsPage::openLog);
    connect(m_inspector, &RunInspector::stopRequested, this, &RunsPage::stop);
    connect(m_inspector, &RunInspector::retryRequested, this, &RunsPage::retry);
    connect(m_inspector, &RunInspector::stackRequested, this,
        [this] { Q_EMIT stackRequested(currentRow().stackId); });
    connect(m_actions, &RunActions::done, this, &RunsPage::noticed);
    connect(m_actions, &RunActions::done, m_banner, &Banner::dismiss);
    connect(m_actions, &RunActions::failed, m_banner, &Banner::showError);
    addShortcut(Qt::Key_N, &RunsPage::start);
    addShortcut(Qt::Key_S, &RunsPage::stop);
    addShortcut(Qt::Key_R, &RunsPage::retry);
    auto *search = new QShortcut(Qt::Key_Slash, this);
    search->setContext(Qt::WidgetWithChildrenShortcut);
    connect(search, &QShortcut::activated, m_search,
        [this] { m_search->setFocus(Qt::ShortcutFocusReason); });
    auto *leave = new QShortcut(Qt::Key_Escape, m_search);
    leave->setContext(Qt::WidgetShortcut);
    connect(leave, &QShortcut::activated, m_table, [this] { m_table->setFocus(); });

    // Counts are summed over all rows, so a burst of changes is answered once.
    m_refresh.setSingleShot(true);
    m_refresh.setInterval(60);
    connect(&m_refresh, &QTimer::timeout, this, &RunsPage::refresh);
    const auto soon = [this] {
        if (!m_refresh.isActive())
            m_refresh.start();
    };
    connect(&m_filter, &QAbstractItemModel::rowsInserted, this, soon);
    connect(&m_filter, &QAbstractItemModel::rowsRemoved, this, soon);
    connect(&m_filter, &QAbstractItemModel::modelReset, this, soon);
    connect(&m_model, &QAbstractItemModel::dataChanged, this, soon);
    connect(&m_model, &QAbstractItemModel::rowsInserted, this, soon);
    connect(&m_model, &QAbstractItemModel::rowsRemoved, this, soon);
}

void RunsPage::addShortcut(const QKeySequence &keys, void (RunsPage::*slot)())
{
    auto *shortcut = new QShortcut(keys, this);
    shortcut->setContext(Qt::WidgetWithChildrenShortcut);
    connect(shortcut, &QShortcut::activated, this, slot);
}

QWidget *RunsPage::inspector()
{
    return m_inspector;
}

bool RunsPage::hasContent() const
{
    return m_model.rowCount() > 0;
}

QByteArray RunsPage::arrangement() const
{
    return m_table->header()->saveState();
}

void RunsPage::arrange(const QByteArray &arrangement)
{
    m_table->header()->restoreState(arrangement);
}

void RunsPage::activate()
{
    // A hidden table can't have the keyboard; the page takes it, so that N and / work on an empty
    // page, too.
    const bool hasRows = m_stack->currentWidget() == m_table;
    (hasRows ? static_cast<QWidget *>(m_table) : this)->setFocus();
    if (!m_table->currentIndex().isValid() && m_filter.rowCount() > 0) {
        const QModelIndex band = m_filter.index(0, 0);
        m_table->setCurrentIndex(m_filter.rowCount(band) > 0 ? m_filter.index(0, 0, band) : band);
    }
}

void RunsPage::setHealth(const domain::FeedHealth &health)
{
    m_health = health;
    m_stale->setHealth(health);
    refreshEmptyState();
}

RunRow RunsPage::currentRow() const
{
    return m_table->currentRow();
}

bool RunsPage::select(domain::JobId id)
{
    if (!m_model.indexOf(id).isValid())
        return false;
    if (!m_filter.mapFromSource(m_model.indexOf(id)).isValid())
        clearFilters();
    const QModelIndex at = m_filter.mapFromSource(m_model.indexOf(id));
    m_table->setCurrentIndex(at);
    m_table->scrollTo(at);
    return at.isValid();
}

void RunsPage::select(domain::PipelineId id)
{
    const QModelIndex at = m_filter.mapFromSource(m_model.indexOf(id));
    m_wanted = at.isValid() ? domain::PipelineId() : id;
    if (!at.isValid())
        return;
    m_table->setCurrentIndex(at);
    m_table->scrollTo(at);
}

void RunsPage::applyFilters()
{
    QSet<Verdict> verdicts;
    for (const Chip &chip : m_chips) {
        if (chip.button->isChecked())
            verdicts.unite(QSet<Verdict>(chip.verdicts.begin(), chip.verdicts.end()));
    }
    m_filter.setVerdicts(verdicts);
    m_filter.setText(m_search->text());
    refresh();
}

void RunsPage::clearFilters()
{
    m_search->clear();
    for (const Chip &chip : m_chips)
        chip.button->setChecked(false);
}

int RunsPage::shownJobs() const
{
    int count = 0;
    for (int row = 0; row < m_filter.rowCount(); ++row)
        count += m_filter.rowCount(m_filter.index(row, 0));
    return count;
}

void RunsPage::refresh()
{
    const models::VerdictCounts counts = m_model.counts();
    for (const Chip &chip : m_chips) {
        int sum = 0;
        for (const Verdict verdict : chip.verdicts)
            sum += counts.at(static_cast<size_t>(verdict));
        chip.button->setText(QStringLiteral("%1  %2").arg(chip.word, QLocale().toString(sum)));
    }
    const int shown = shownJobs();
    m_count->setPlainText(m_filter.isFiltering()
            ? tr("%1 of %2").arg(QLocale().toString(shown), QLocale().toString(m_model.jobCount()))
            : QLocale().toString(m_model.jobCount()));
    if (!m_wanted.isEmpty())
        select(m_wanted);
    if (!m_table->currentIndex().isValid() && isVisible() && m_table->hasFocus())
        activate();
    refreshEmptyState();
    refreshInspector();
}

void RunsPage::refreshEmptyState()
{
    const bool empty = m_filter.rowCount() == 0;
    m_stack->setCurrentWidget(empty ? static_cast<QWidget *>(m_empty) : m_table);
    if (!empty)
        return;
    const bool filtered = m_model.rowCount() > 0;
    const bool refused = m_health.kind == domain::FeedHealth::Kind::Refused;
    const bool connecting = m_health.kind == domain::FeedHealth::Kind::Connecting;
    const bool stale = m_health.kind == domain::FeedHealth::Kind::Stale;
    m_emptyClear->setVisible(filtered);
    m_emptyStart->setVisible(!filtered && !refused && !connecting && !stale);
    if (filtered)
        m_empty->setText(
            tr("No run matches"), tr("Another search or fewer filters will show more."));
    else if (refused)
        m_empty->setText(tr("The CI server refuses"),
            tr("%1 Open the pill in the top bar for the details and to try again.")
                .arg(m_health.error ? m_health.error->message : QString()));
    else if (stale)
        m_empty->setText(tr("The CI server was not reached"),
            tr("It is tried again by itself; the pill in the top bar says why and when."));
    else if (connecting)
        m_empty->setText(
            tr("Connecting"), tr("The runs of this project will be here in a moment."));
    else
        m_empty->setText(
            tr("No runs yet"), tr("Cases that run as CI jobs of this project will be here, live."));
}

void RunsPage::refreshInspector()
{
    const RunRow row = currentRow();
    if (row.pipelineId.isEmpty())
        m_inspector->showNothing();
    else
        m_inspector->showRow(row, m_actions->canStop(row), m_actions->canRetry(row));
}

void RunsPage::start()
{
    auto *dialog = new StartDialog(m_theme, m_session, m_preview, window());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &StartDialog::started, this, [this](const domain::Pipeline &pipeline) {
        clearFilters();
        m_session.refreshCi();
        select(pipeline.id);
        Q_EMIT noticed(tr("Started pipeline #%1.")
                           .arg(pipeline.number == 0 ? pipeline.id.value() : pipeline.number));
    });
    dialog->open();
}

void RunsPage::stop()
{
    const RunRow row = currentRow();
    if (!m_actions->canStop(row))
        return;
    auto *question = new StopQuestion(m_theme, RunActions::nameOf(row), window());
    question->setAttribute(Qt::WA_DeleteOnClose);
    connect(question, &QDialog::accepted, this, [this, row] {
        if (m_actions->canStop(row))
            m_actions->stop(row);
        else
            Q_EMIT noticed(tr("%1 had ended by itself.").arg(RunActions::nameOf(row)));
    });
    question->open();
}

void RunsPage::retry()
{
    const RunRow row = currentRow();
    if (m_actions->canRetry(row))
        m_actions->retry(row);
}

void RunsPage::openLog()
{
    const RunRow row = currentRow();
    if (row.kind == RunRow::Kind::Job && !row.jobId.isEmpty())
        Q_EMIT logRequested(row.jobId);
}

} // namespace faultline::views
