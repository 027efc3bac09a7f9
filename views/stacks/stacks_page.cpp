// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/stacks/stacks_page.h"

#include "models/counted_words.h"
#include "views/stacks/stack_inspector.h"
#include "views/stacks/stack_question.h"
#include "views/stacks/stack_table.h"
#include "views/widgets/banner.h"
#include "views/widgets/empty_state.h"
#include "views/widgets/plain_label.h"
#include "views/widgets/plain_tool_tip.h"
#include "views/widgets/stale_note.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLineEdit>
#include <QLocale>
#include <QMenu>
#include <QPushButton>
#include <QShortcut>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace faultline::views {

using models::StackNodeKind;
using models::StackTreeModel;
using Target = StackActions::Target;

namespace {

constexpr StackVerb allVerbs[]
    = { StackVerb::Start, StackVerb::Stop, StackVerb::Restart, StackVerb::Remove };

QString iconFor(StackVerb verb)
{
    switch (verb) {
    case StackVerb::Start:
        return QStringLiteral("start");
    case StackVerb::Stop:
        return QStringLiteral("stop");
    case StackVerb::Restart:
        return QStringLiteral("retry");
    case StackVerb::Remove:
        break;
    }
    return QStringLiteral("remove");
}

} // namespace

StacksPage::StacksPage(
    const Theme &theme, StackTreeModel &model, session::Session &session, QWidget *parent)
    : Page(parent)
    , m_theme(theme)
    , m_model(model)
    , m_actions(new StackActions(session, model, this))
    , m_banner(new Banner(theme, this))
    , m_table(new StackTable(theme, model, this))
    , m_empty(new EmptyState(theme, QStringLiteral("stacks"), this))
    , m_emptyClear(m_empty->addAction(tr("Clear the filter"), {}, false))
    , m_pages(new QStackedWidget(this))
    , m_inspector(new StackInspector(theme, model, this))
{
    m_pages->addWidget(m_table);
    m_pages->addWidget(m_empty);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(metrics::pageMargin, 12, 0, 0);
    layout->setSpacing(8);
    layout->addWidget(makeHeading());
    layout->addWidget(makeToolBar());
    layout->addWidget(m_banner);
    layout->addWidget(m_pages, 1);
    connectModel();
    m_inspector->hide(); // the frame takes and shows it
    refresh();
}

QWidget *StacksPage::makeHeading()
{
    auto *heading = new QWidget(this);
    auto *layout = new QHBoxLayout(heading);
    layout->setContentsMargins(0, 0, metrics::pageMargin, 0);
    layout->setSpacing(10);
    m_count = new PlainLabel({}, "muted", heading);
    m_filter = new QLineEdit(heading);
    m_filter->setPlaceholderText(tr("Filter by name, image, host, state…  /"));
    m_filter->setClearButtonEnabled(true);
    m_filter->setFixedWidth(280);
    m_filter->addAction(
        m_theme.icon(QStringLiteral("search"), Token::Muted), QLineEdit::LeadingPosition);
    layout->addWidget(new PlainLabel(tr("Stacks"), "title", heading));
    layout->addWidget(m_count);
    m_stale = new StaleNote(heading);
    layout->addWidget(m_stale);
    layout->addStretch();
    layout->addWidget(m_filter);
    return heading;
}

QWidget *StacksPage::makeToolBar()
{
    auto *bar = new QWidget(this);
    auto *layout = new QHBoxLayout(bar);
    layout->setContentsMargins(0, 0, metrics::pageMargin, 0);
    layout->setSpacing(8);
    for (const StackVerb verb : allVerbs) {
        const bool asks = verb == StackVerb::Stop || verb == StackVerb::Remove;
        auto *button = new QPushButton(QLatin1Char(' ') + StackActions::wordFor(verb)
                + (asks ? QStringLiteral("…") : QString()),
            bar);
        button->setIcon(m_theme.icon(iconFor(verb), Token::Muted));
        connect(button, &QPushButton::clicked, this, [this, verb] { run(verb); });
        layout->addWidget(button);
        m_verbs[static_cast<std::size_t>(verb)] = button;
    }
    layout->addStretch();
    return bar;
}

void StacksPage::connectModel()
{
    connect(m_filter, &QLineEdit::textChanged, this, &StacksPage::applyFilter);
    connect(m_emptyClear, &QPushButton::clicked, m_filter, &QLineEdit::clear);
    connect(m_table, &StackTable::currentRowChanged, this, &StacksPage::refreshSoon);
    connect(m_table, &QWidget::customContextMenuRequested, this, &StacksPage::showMenu);
    connect(m_table, &StackTable::scaleRequested, this,
        [this](const QModelIndex &, int wanted) { scale(wanted); });
    connect(m_actions, &StackActions::done, this, &StacksPage::noticed);
    connect(m_actions, &StackActions::done, m_banner, &Banner::dismiss);
    connect(m_inspector, &StackInspector::runRequested, this, &StacksPage::runRequested);
    connect(m_actions, &StackActions::failed, m_banner, &Banner::showError);
    // Counts and the inspector follow a burst of changes once.
    m_refresh.setSingleShot(true);
    m_refresh.setInterval(60);
    connect(&m_refresh, &QTimer::timeout, this, &StacksPage::refresh);
    connect(&m_model, &QAbstractItemModel::rowsInserted, this, &StacksPage::refreshSoon);
    connect(&m_model, &QAbstractItemModel::rowsRemoved, this, &StacksPage::refreshSoon);
    connect(&m_model, &QAbstractItemModel::modelReset, this, &StacksPage::refreshSoon);

    addShortcut(Qt::Key_Slash, [this] { m_filter->setFocus(Qt::ShortcutFocusReason); });
    addShortcut(Qt::Key_Delete, [this] { run(StackVerb::Remove); });
    addShortcut(QKeySequence(Qt::CTRL | Qt::Key_R), [this] { showRun(); });
    const auto step = [this](int by) {
        if (const domain::Service *service = m_model.service(current()))
            scale(service->scale + by);
    };
    addShortcut(Qt::Key_Plus, [step] { step(1); });
    addShortcut(Qt::Key_Minus, [step] { step(-1); });
    auto *leave = new QShortcut(Qt::Key_Escape, m_filter);
    leave->setContext(Qt::WidgetShortcut);
    connect(leave, &QShortcut::activated, m_table, [this] { m_table->setFocus(); });
}

void StacksPage::addShortcut(const QKeySequence &keys, std::function<void()> action)
{
    auto *shortcut = new QShortcut(keys, this);
    shortcut->setContext(Qt::WidgetWithChildrenShortcut);
    connect(shortcut, &QShortcut::activated, this, std::move(action));
}

QWidget *StacksPage::inspector()
{
    return m_inspector;
}

bool StacksPage::hasContent() const
{
    return m_model.rowCount() > 0;
}

QByteArray StacksPage::arrangement() const
{
    return m_table->header()->saveState();
}

void StacksPage::arrange(const QByteArray &arrangement)
{
    m_table->header()->restoreState(arrangement);
}

void StacksPage::activate()
{
    m_table->setFocus();
    if (!m_table->currentIndex().isValid() && m_model.rowCount() > 0)
        m_table->setCurrentIndex(m_model.index(0, 0));
}

void StacksPage::setHealth(const domain::FeedHealth &health)
{
    m_health = health;
    m_stale->setHealth(health);
    refreshEmptyState();
}

void StacksPage::select(const domain::StackId &id)
{
    if (!m_model.indexOf(id).isValid())
        m_filter->clear();
    const QModelIndex at = m_model.indexOf(id);
    if (!at.isValid())
        return;
    m_table->setCurrentIndex(at);
    m_table->expandRecursively(at);
    m_table->scrollTo(at, QAbstractItemView::PositionAtTop);
}

QModelIndex StacksPage::current() const
{
    return m_table->currentIndex().siblingAtColumn(0);
}

void StacksPage::applyFilter()
{
    m_model.setFilter(m_filter->text());
    m_table->showMatches();
    refresh();
}

void StacksPage::refreshSoon()
{
    if (!m_refresh.isActive())
        m_refresh.start();
}

void StacksPage::refresh()
{
    const QStringList counts{ models::stackWords(m_model.stackCount()),
        models::serviceWords(m_model.serviceCount()),
        models::containerWords(m_model.containerCount()) };
    m_count->setPlainText(m_model.isFiltering()
            ? tr("%1 match").arg(QLocale().toString(m_model.matchCount()))
            : counts.join(QStringLiteral(" · ")));
    m_inspector->showRow(current());
    refreshActions();
    refreshEmptyState();
}

void StacksPage::refreshActions()
{
    const QModelIndex at = current();
    const Target target = m_actions->targetAt(at);
    for (const StackVerb verb : allVerbs) {
        QPushButton *button = m_verbs[static_cast<std::size_t>(verb)];
        const QString obstacle = m_actions->obstacle(at, verb);
        button->setEnabled(obstacle.isEmpty());
        button->setToolTip(plainToolTip(obstacle.isEmpty()
                ? tr("%1 %2").arg(StackActions::wordFor(verb), StackActions::nameOf(target))
                : obstacle));
    }
}

void StacksPage::refreshEmptyState()
{
    const bool isEmpty = m_model.rowCount() == 0;
    m_pages->setCurrentWidget(isEmpty ? static_cast<QWidget *>(m_empty) : m_table);
    if (!isEmpty)
        return;
    using Kind = domain::FeedHealth::Kind;
    m_emptyClear->setVisible(m_model.isFiltering());
    if (m_model.isFiltering())
        m_empty->setText(tr("Nothing matches"), tr("Another filter will show more."));
    else if (m_health.kind == Kind::Refused)
        m_empty->setText(tr("The server of the stacks refuses"),
            tr("%1 Open the pill in the top bar for the details and to try again.")
                .arg(m_health.error ? m_health.error->message : QString()));
    else if (m_health.kind == Kind::Stale)
        m_empty->setText(tr("The server of the stacks was not reached"),
            tr("It is tried again by itself; the pill in the top bar says why and when."));
    else if (m_health.kind == Kind::Connecting)
        m_empty->setText(
            tr("Connecting"), tr("The stacks of this project will be here in a moment."));
    else
        m_empty->setText(tr("No stacks"),
            tr("The clusters that cases start will be here, live. Start a case on the Runs page to "
               "see one."));
}

void StacksPage::showMenu(QPoint point)
{
    const QModelIndex at = m_table->indexAt(point).siblingAtColumn(0);
    const Target target = m_actions->targetAt(at);
    if (target.isEmpty())
        return;
    m_table->setCurrentIndex(at);
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->setToolTipsVisible(true);
    for (const StackVerb verb : allVerbs) {
        if (StackActions::knows(target.kind, verb))
            addVerb(*menu, verb);
    }
    if (const domain::Service *service = m_model.service(at)) {
        const int now = service->scale;
        const bool canScale = m_actions->scaleObstacle(at).isEmpty();
        menu->addSeparator();
        menu->addAction(tr("Scale up to %1").arg(now + 1), this, [this, now] { scale(now + 1); })
            ->setEnabled(canScale);
        menu->addAction(tr("Scale down to %1").arg(now - 1), this, [this, now] { scale(now - 1); })
            ->setEnabled(canScale && now > 0);
    }
    menu->addSeparator();
    if (!runOf(m_model, at).isEmpty())
        menu->addAction(m_theme.icon(QStringLiteral("runs"), Token::Muted), tr("Show its run"),
            this, &StacksPage::showRun);
    menu->addAction(
        tr("Copy id"), this, [target] { QGuiApplication::clipboard()->setText(target.id); });
    menu->addAction(
        tr("Copy name"), this, [target] { QGuiApplication::clipboard()->setText(target.name); });
    menu->popup(m_table->viewport()->mapToGlobal(point));
}

void StacksPage::addVerb(QMenu &menu, StackVerb verb)
{
    const QString obstacle = m_actions->obstacle(current(), verb);
    QAction *action = menu.addAction(m_theme.icon(iconFor(verb), Token::Muted),
        StackActions::wordFor(verb), this, [this, verb] { run(verb); });
    action->setEnabled(obstacle.isEmpty());
    action->setToolTip(plainToolTip(obstacle));
}

void StacksPage::showRun()
{
    if (const domain::JobId id = runOf(m_model, current()); !id.isEmpty())
        Q_EMIT runRequested(id);
}

void StacksPage::run(StackVerb verb)
{
    const QModelIndex at = current();
    const Target target = m_actions->targetAt(at);
    if (target.isEmpty() || !m_actions->obstacle(at, verb).isEmpty())
        return;
    if (verb == StackVerb::Remove)
        askToRemove(target);
    else if (verb == StackVerb::Stop)
        askToStop(target);
    else
        m_actions->run(target, verb);
}

void StacksPage::scale(int wanted)
{
    const QModelIndex at = current();
    const Target target = m_actions->targetAt(at);
    if (wanted < 0 || !m_actions->scaleObstacle(at).isEmpty())
        return;
    if (wanted == 0)
        askToScaleToNothing(target);
    else
        m_actions->scale(target, wanted);
}

void StacksPage::askToRemove(const Target &target)
{
    StackQuestion::Text text;
    text.heading = tr("Remove %1?").arg(StackActions::nameOf(target));
    text.action = tr("Remove it");
    if (target.isScene) {
        text.explanation
            = tr("This stack is a scene: somebody kept it to look into a failure. What is in its "
                 "containers is lost. Type its name to remove it.");
        text.typedName = target.name;
    } else {
        text.explanation
            = tr("Its containers are stopped and removed, and what is in them is lost.");
    }
    auto *question = new StackQuestion(m_theme, text, window());
    question->setAttribute(Qt::WA_DeleteOnClose);
    connect(question, &QDialog::accepted, this,
        [this, target] { m_actions->run(target, StackVerb::Remove); });
    question->open();
}

void StacksPage::askToStop(const Target &target)
{
    StackQuestion::Text text;
    text.heading = tr("Stop %1?").arg(StackActions::nameOf(target));
    text.explanation
        = tr("Its processes get a signal and may end their work. What is on disk stays.");
    text.action = tr("Stop it");
    auto *question = new StackQuestion(m_theme, text, window());
    question->setAttribute(Qt::WA_DeleteOnClose);
    connect(question, &QDialog::accepted, this,
        [this, target] { m_actions->run(target, StackVerb::Stop); });
    question->open();
}

void StacksPage::askToScaleToNothing(const Target &target)
{
    StackQuestion::Text text;
    text.heading = tr("Scale %1 to 0?").arg(StackActions::nameOf(target));
    text.explanation
        = tr("All its containers are removed, and what is in them is lost. The service stays.");
    text.action = tr("Scale to 0");
    auto *question = new StackQuestion(m_theme, text, window());
    question->setAttribute(Qt::WA_DeleteOnClose);
    connect(question, &QDialog::accepted, this, [this, target] { m_actions->scale(target, 0); });
    question->open();
}

} // namespace faultline::views
