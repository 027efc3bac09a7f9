// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/frame/main_window.h"

#include "views/frame/dock.h"
#include "views/frame/page.h"
#include "views/frame/rail.h"
#include "views/frame/top_bar.h"

#include <QHBoxLayout>
#include <QSettings>
#include <QSplitter>
#include <QStackedWidget>
#include <QToolButton>
#include <QVBoxLayout>

#include <memory>

namespace faultline::views {

namespace {

QFrame *line(Qt::Orientation orientation, QWidget *parent)
{
    auto *frame = new QFrame(parent);
    frame->setProperty("surface", QStringLiteral("line"));
    if (orientation == Qt::Horizontal)
        frame->setFixedHeight(1);
    else
        frame->setFixedWidth(1);
    return frame;
}

} // namespace

MainWindow::MainWindow(const Theme &theme, QWidget *parent)
    : QWidget(parent)
    , m_theme(theme)
    , m_topBar(new TopBar(theme, this))
    , m_rail(new Rail(theme, this))
    , m_outer(new QStackedWidget(this))
    , m_pages(new QStackedWidget(this))
    , m_inspectors(new QStackedWidget(this))
    , m_inspectorFrame(new QFrame(this))
    , m_dock(new Dock(theme, this))
    , m_columns(new QSplitter(Qt::Horizontal, this))
    , m_rows(new QSplitter(Qt::Vertical, this))
{
    build();
    connect(m_rail, &Rail::chosen, this, &MainWindow::setCurrent);
    connect(m_dock, &Dock::wanted, this, &MainWindow::setDockVisible);
    connect(&m_topBar->dockSwitch(), &QToolButton::clicked, this, &MainWindow::setDockVisible);
    connect(&m_topBar->inspectorSwitch(), &QToolButton::clicked, this,
        &MainWindow::setInspectorVisible);
    setDockVisible(false);
    resize(1440, 900);
}

MainWindow::~MainWindow() = default;

void MainWindow::build()
{
    m_inspectorFrame->setProperty("surface", QStringLiteral("panel"));
    m_inspectorFrame->setMinimumWidth(280);
    auto *inspector = new QVBoxLayout(m_inspectorFrame);
    inspector->setContentsMargins(0, 0, 0, 0);
    inspector->addWidget(m_inspectors);

    m_rows->addWidget(m_pages);
    m_rows->addWidget(m_dock);
    m_rows->setStretchFactor(0, 1);
    m_rows->setChildrenCollapsible(false);
    m_rows->setSizes({ 620, 232 });
    m_columns->addWidget(m_rows);
    m_columns->addWidget(m_inspectorFrame);
    m_columns->setStretchFactor(0, 1);
    m_columns->setChildrenCollapsible(false);
    m_columns->setSizes({ 1440 - metrics::rail - metrics::inspector, metrics::inspector });
    for (QSplitter *splitter : { m_rows, m_columns })
        splitter->setHandleWidth(1);

    auto *body = new QWidget(this);
    auto *across = new QHBoxLayout(body);
    across->setContentsMargins(0, 0, 0, 0);
    across->setSpacing(0);
    across->addWidget(m_rail);
    across->addWidget(line(Qt::Vertical, body));
    across->addWidget(m_columns, 1);
    m_outer->addWidget(body);

    auto *down = new QVBoxLayout(this);
    down->setContentsMargins(0, 0, 0, 0);
    down->setSpacing(0);
    down->addWidget(m_topBar);
    down->addWidget(line(Qt::Horizontal, this));
    down->addWidget(m_outer, 1);
    m_toast = new NoticeToast(m_theme, m_outer);
}

void MainWindow::addPage(Page *page)
{
    m_rail->addPage(page->title(), page->iconName());
    m_pages->addWidget(page);
    QWidget *inspector = page->inspector();
    m_inspectors->addWidget(inspector ? inspector : new QWidget);
    if (m_pages->count() == 1)
        setCurrent(0);
}

void MainWindow::clear()
{
    m_dock->closeAll();
    m_rail->clear();
    while (m_pages->count() > 0) {
        const std::unique_ptr<QWidget> inspector(m_inspectors->widget(0));
        const std::unique_ptr<QWidget> page(m_pages->widget(0));
        m_inspectors->removeWidget(inspector.get());
        m_pages->removeWidget(page.get());
    }
    m_topBar->clearPills();
}

void MainWindow::setCurrent(int index)
{
    if (index < 0 || index >= m_pages->count())
        return;
    m_pages->setCurrentIndex(index);
    m_inspectors->setCurrentIndex(index);
    m_rail->setCurrent(index);
    setInspectorVisible(m_inspectorWanted);
    currentPage()->activate();
}

void MainWindow::showPage(const QString &key)
{
    setCurrent(m_pages->indexOf(page(key)));
}

Page *MainWindow::currentPage() const
{
    return qobject_cast<Page *>(m_pages->currentWidget());
}

Page *MainWindow::page(const QString &key) const
{
    for (int index = 0; index < m_pages->count(); ++index) {
        auto *page = qobject_cast<Page *>(m_pages->widget(index));
        if (page && page->key() == key)
            return page;
    }
    return nullptr;
}

QStringList MainWindow::pageKeys() const
{
    QStringList keys;
    for (int index = 0; index < m_pages->count(); ++index) {
        if (const auto *page = qobject_cast<Page *>(m_pages->widget(index)))
            keys.append(page->key());
    }
    return keys;
}

void MainWindow::showWelcome(QWidget *widget)
{
    if (m_welcome)
        m_welcome->deleteLater();
    m_welcome = widget;
    m_outer->addWidget(widget);
    m_outer->setCurrentWidget(widget);
    m_topBar->dockSwitch().setEnabled(false);
    m_topBar->inspectorSwitch().setEnabled(false);
}

void MainWindow::showPages()
{
    m_outer->setCurrentIndex(0);
    if (m_welcome)
        m_welcome->deleteLater();
    m_welcome = nullptr;
    m_topBar->dockSwitch().setEnabled(true);
    m_topBar->inspectorSwitch().setEnabled(true);
    if (Page *page = currentPage())
        page->activate();
}

void MainWindow::setWorkspace(const QString &name, const QColor &colour)
{
    m_topBar->setWorkspace(name, colour);
    m_dock->setColour(colour);
    setWindowTitle(name.isEmpty() ? tr("Faultline") : tr("%1 – Faultline").arg(name));
}

void MainWindow::setDockVisible(bool visible)
{
    const bool shown = visible && m_dock->hasTabs();
    m_dock->setVisible(shown);
    m_topBar->dockSwitch().setChecked(shown);
    if (visible && !shown && isVisible())
        notify(tr("The dock is empty: open the log of a run (Enter) first."));
}

void MainWindow::setInspectorVisible(bool visible)
{
    m_inspectorWanted = visible;
    Page *page = currentPage();
    const bool shown = visible && page && page->inspector();
    m_inspectorFrame->setVisible(shown);
    m_topBar->inspectorSwitch().setChecked(shown);
}

void MainWindow::restoreLayout(QSettings &settings)
{
    restoreGeometry(settings.value(QStringLiteral("geometry")).toByteArray());
    m_columns->restoreState(settings.value(QStringLiteral("columns")).toByteArray());
    m_rows->restoreState(settings.value(QStringLiteral("rows")).toByteArray());
    setInspectorVisible(settings.value(QStringLiteral("inspector"), true).toBool());
    for (const QString &key : pageKeys())
        page(key)->arrange(settings.value(QStringLiteral("page-") + key).toByteArray());
    showPage(settings.value(QStringLiteral("page"), QStringLiteral("runs")).toString());
}

void MainWindow::saveLayout(QSettings &settings) const
{
    settings.setValue(QStringLiteral("geometry"), saveGeometry());
    settings.setValue(QStringLiteral("columns"), m_columns->saveState());
    settings.setValue(QStringLiteral("rows"), m_rows->saveState());
    settings.setValue(QStringLiteral("inspector"), m_inspectorWanted);
    for (const QString &key : pageKeys()) {
        const QByteArray arrangement = page(key)->arrangement();
        if (!arrangement.isEmpty())
            settings.setValue(QStringLiteral("page-") + key, arrangement);
    }
    if (const Page *current = currentPage())
        settings.setValue(QStringLiteral("page"), current->key());
}

void MainWindow::notify(const QString &text)
{
    add(Notice::Kind::Done, text);
}

void MainWindow::notifyFailure(const QString &text)
{
    add(Notice::Kind::Failed, text);
}

void MainWindow::add(Notice::Kind kind, const QString &text)
{
    const Notice notice{ kind, text, QDateTime::currentDateTimeUtc() };
    m_topBar->bell().add(notice);
    m_toast->showNotice(notice);
}

void MainWindow::paintEvent(QPaintEvent *event)
{
    QWidget::paintEvent(event);
    if (!m_painted) {
        m_painted = true;
        Q_EMIT firstPainted();
    }
}

} // namespace faultline::views
