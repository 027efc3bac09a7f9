// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/logs/search_bar.h"

#include "views/logs/log_view.h"
#include "views/widgets/plain_label.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLineEdit>
#include <QLocale>
#include <QPushButton>

namespace faultline::views {

SearchBar::SearchBar(const Theme &theme, models::LogSearch &search, LogView &view, QWidget *parent)
    : QFrame(parent)
    , m_search(search)
    , m_view(view)
    , m_text(new QLineEdit(this))
    , m_count(new PlainLabel({}, "muted", this))
{
    m_text->setPlaceholderText(tr("Find in this log"));
    m_text->setClearButtonEnabled(true);
    m_text->addAction(theme.icon(QStringLiteral("search")), QLineEdit::LeadingPosition);
    auto *previous = new QPushButton(tr("Previous"), this);
    auto *next = new QPushButton(tr("Next"), this);
    auto *done = new QPushButton(tr("Close"), this);
    for (QPushButton *button : { previous, next, done })
        button->setFocusPolicy(Qt::TabFocus);
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(12, 4, 12, 4);
    layout->setSpacing(8);
    layout->addWidget(m_text, 1);
    layout->addWidget(m_count);
    layout->addWidget(previous);
    layout->addWidget(next);
    layout->addWidget(done);
    connect(previous, &QPushButton::clicked, this, &SearchBar::previous);
    connect(next, &QPushButton::clicked, this, &SearchBar::next);
    connect(done, &QPushButton::clicked, this, &SearchBar::close);
    connect(m_text, &QLineEdit::textChanged, this, [this](const QString &text) {
        m_hasCurrent = false;
        m_search.setText(text);
    });
    connect(&search, &models::LogSearch::changed, this, &SearchBar::refresh);
    hide();
}

void SearchBar::open()
{
    show();
    m_text->setFocus(Qt::ShortcutFocusReason);
    m_text->selectAll();
    m_search.setText(m_text->text());
}

void SearchBar::close()
{
    hide();
    m_search.setText({});
    m_view.setFocus();
}

void SearchBar::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Escape)
        close();
    else if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter)
        step(!event->modifiers().testFlag(Qt::ShiftModifier));
    else
        QFrame::keyPressEvent(event);
}

void SearchBar::next()
{
    step(true);
}

void SearchBar::previous()
{
    step(false);
}

void SearchBar::step(bool forward)
{
    const std::size_t count = m_search.hits().size();
    if (count == 0)
        return;
    if (!m_hasCurrent)
        m_current = forward ? m_search.firstFrom(m_view.firstVisibleLine(), 0) % count : count - 1;
    else
        m_current = (m_current + (forward ? 1 : count - 1)) % count;
    m_hasCurrent = true;
    m_view.showHit(m_current);
    refresh();
}

QString SearchBar::countText() const
{
    const QLocale locale;
    const auto count = static_cast<qulonglong>(m_search.hits().size());
    if (m_search.length() == 0)
        return {};
    const QString total
        = locale.toString(count) + (m_search.isComplete() ? QString() : QStringLiteral("…"));
    return m_hasCurrent && m_current < count
        ? tr("%1 of %2").arg(locale.toString(static_cast<qulonglong>(m_current + 1)), total)
        : tr("%1 found").arg(total);
}

void SearchBar::refresh()
{
    m_count->setPlainText(countText());
}

} // namespace faultline::views
