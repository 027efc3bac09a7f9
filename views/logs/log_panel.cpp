// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/logs/log_panel.h"

#include "views/logs/log_view.h"
#include "views/logs/search_bar.h"
#include "views/widgets/banner.h"
#include "views/widgets/plain_label.h"

#include <QHBoxLayout>
#include <QLocale>
#include <QPushButton>
#include <QShortcut>
#include <QVBoxLayout>

namespace faultline::views {

LogPanel::LogPanel(const Theme &theme, session::Session &session, domain::JobId job,
    const QString &title, QWidget *parent)
    : QWidget(parent)
    , m_theme(theme)
    , m_job(job)
    , m_search(m_document)
    , m_view(new LogView(theme, m_document, m_search, this))
    , m_searchBar(new SearchBar(theme, m_search, *m_view, this))
    , m_banner(new Banner(theme, this))
    , m_tail(session.followJob(job))
{
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(makeHeader(title));
    layout->addWidget(m_searchBar);
    layout->addWidget(m_banner);
    layout->addWidget(m_view, 1);
    m_banner->hide();
    setFocusProxy(m_view);
    auto *find = new QShortcut(QKeySequence::Find, this);
    find->setContext(Qt::WidgetWithChildrenShortcut);
    connect(find, &QShortcut::activated, m_searchBar, &SearchBar::open);
    connect(m_view, &LogView::followingChanged, this, &LogPanel::refresh);
    connect(&m_document, &models::LogDocument::grew, this, &LogPanel::refresh);
    connect(&m_document, &models::LogDocument::restarted, this, &LogPanel::refresh);
    connectTail();
    refresh();
}

LogPanel::~LogPanel() = default;

QWidget *LogPanel::makeHeader(const QString &title)
{
    auto *header = new QWidget(this);
    auto *layout = new QHBoxLayout(header);
    layout->setContentsMargins(12, 2, 8, 2);
    layout->setSpacing(10);
    auto *name = new PlainLabel(title, "strong", header);
    name->setElided(true);
    m_stateLabel = new PlainLabel({}, "muted", header);
    m_lines = new PlainLabel({}, "caption", header);
    m_follow = new QPushButton(tr("Follow"), header);
    m_follow->setToolTip(tr("Go to the end and stay there (End)"));
    auto *find = new QPushButton(tr("Find"), header);
    find->setIcon(m_theme.icon(QStringLiteral("search")));
    find->setToolTip(tr("Find in this log (Ctrl+F)"));
    layout->addWidget(name);
    layout->addWidget(m_stateLabel);
    layout->addStretch(1);
    layout->addWidget(m_lines);
    layout->addWidget(m_follow);
    layout->addWidget(find);
    auto *close = new QPushButton(header);
    close->setIcon(m_theme.icon(QStringLiteral("close")));
    close->setToolTip(tr("Close this log"));
    close->setAccessibleName(tr("Close this log"));
    layout->addWidget(close);
    connect(m_follow, &QPushButton::clicked, m_view, &LogView::follow);
    connect(find, &QPushButton::clicked, m_searchBar, &SearchBar::open);
    connect(close, &QPushButton::clicked, this, &LogPanel::closeRequested);
    return header;
}

void LogPanel::connectTail()
{
    connect(m_tail.get(), &session::JobLogTail::appended, this, [this](const QByteArray &bytes) {
        m_banner->dismiss();
        m_document.append(bytes);
        setState(State::Following);
    });
    connect(
        m_tail.get(), &session::JobLogTail::restarted, &m_document, &models::LogDocument::restart);
    connect(m_tail.get(), &session::JobLogTail::ended, this, [this] {
        m_banner->dismiss();
        m_document.finish();
        setState(State::Ended);
    });
    connect(m_tail.get(), &session::JobLogTail::failed, this, [this](const domain::Error &error) {
        m_banner->showError(error);
        setState(State::Failed);
    });
}

void LogPanel::setState(State state)
{
    if (state == m_state)
        return;
    m_state = state;
    refresh();
    Q_EMIT stateChanged(stateText());
}

QString LogPanel::stateText() const
{
    switch (m_state) {
    case State::Waiting:
        return tr("waiting for the log");
    case State::Following:
        return m_view->isFollowing() ? tr("following") : tr("live, not following");
    case State::Ended:
        return tr("ended");
    case State::Failed:
        break;
    }
    return tr("not reached");
}

void LogPanel::refresh()
{
    m_stateLabel->setTone(
        m_state == State::Failed ? "failed" : (m_state == State::Following ? "accent" : ""));
    m_stateLabel->setPlainText(stateText());
    m_lines->setPlainText(tr("%1 lines").arg(QLocale().toString(m_document.lineCount())));
    m_follow->setVisible(!m_view->isFollowing());
}

} // namespace faultline::views
