// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/frame/notices.h"

#include "views/widgets/icon_label.h"
#include "views/widgets/plain_label.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QMenu>
#include <QPainter>
#include <QWidgetAction>

namespace faultline::views {

namespace {

constexpr int longestHistory = 100;
constexpr int toastMs = 6000;

QString iconName(const Notice &notice)
{
    return notice.kind == Notice::Kind::Done ? QStringLiteral("verdict-pass")
                                             : QStringLiteral("warning");
}

Token token(const Notice &notice)
{
    return notice.kind == Notice::Kind::Done ? Token::Ok : Token::Failed;
}

} // namespace

NoticeBell::NoticeBell(const Theme &theme, QWidget *parent)
    : QToolButton(parent)
    , m_theme(theme)
{
    setIcon(theme.icon(QStringLiteral("bell")));
    setFixedSize(metrics::control, metrics::control);
    setToolTip(tr("Notices of this session"));
    setAccessibleName(tr("Notices"));
    connect(this, &QToolButton::clicked, this, &NoticeBell::showHistory);
}

void NoticeBell::add(const Notice &notice)
{
    m_history.prepend(notice);
    if (m_history.size() > longestHistory)
        m_history.removeLast();
    ++m_unseen;
    update();
}

void NoticeBell::paintEvent(QPaintEvent *event)
{
    QToolButton::paintEvent(event);
    if (m_unseen == 0)
        return;
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(m_theme.color(Token::Accent));
    painter.drawEllipse(QRectF(width() - 13, 6, 7, 7));
}

void NoticeBell::showHistory()
{
    m_unseen = 0;
    update();
    QMenu menu(this);
    if (m_history.isEmpty())
        menu.addAction(tr("No notices yet"))->setEnabled(false);
    for (const Notice &notice : m_history.mid(0, 20)) {
        auto *row = new QWidget(&menu);
        auto *layout = new QHBoxLayout(row);
        layout->setContentsMargins(12, 5, 12, 5);
        auto *icon = new IconLabel(m_theme, 16, row);
        icon->setIcon(iconName(notice), token(notice));
        auto *text = new PlainLabel(notice.text, "", row);
        text->setWordWrap(true);
        text->setFixedWidth(320);
        layout->addWidget(icon, 0, Qt::AlignTop);
        layout->addWidget(text);
        layout->addWidget(
            new PlainLabel(
                notice.at.toLocalTime().toString(QStringLiteral("HH:mm:ss")), "caption", row),
            0, Qt::AlignTop);
        auto *action = new QWidgetAction(&menu);
        action->setDefaultWidget(row);
        menu.addAction(action);
    }
    menu.exec(mapToGlobal(QPoint(width() - menu.sizeHint().width(), height() + 4)));
}

NoticeToast::NoticeToast(const Theme &theme, QWidget *parent)
    : QFrame(parent)
    , m_icon(new IconLabel(theme, 16, this))
    , m_text(new PlainLabel({}, "", this))
{
    setProperty("surface", QStringLiteral("raised"));
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(12, 8, 14, 8);
    layout->addWidget(m_icon, 0, Qt::AlignTop);
    layout->addWidget(m_text);
    m_text->setWordWrap(true);
    m_away.setSingleShot(true);
    m_away.setInterval(toastMs);
    connect(&m_away, &QTimer::timeout, this, &QWidget::hide);
    parent->installEventFilter(this);
    hide();
}

void NoticeToast::showNotice(const Notice &notice)
{
    m_icon->setIcon(iconName(notice), token(notice));
    m_text->setText(notice.text);
    const int natural = fontMetrics().horizontalAdvance(notice.text) + 4;
    m_text->setFixedWidth(qBound(120, natural, 420));
    adjustSize();
    place();
    show();
    raise();
    m_away.start();
}

void NoticeToast::place()
{
    const QWidget *area = parentWidget();
    move(area->width() - width() - 16, area->height() - height() - 16);
}

bool NoticeToast::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == parent() && event->type() == QEvent::Resize && isVisible())
        place();
    return QFrame::eventFilter(watched, event);
}

} // namespace faultline::views
