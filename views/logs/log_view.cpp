// SPDX-License-Identifier: GPL-3.0-or-later
// Scrolling, keys and selection of LogView.
#include "views/logs/log_view.h"

#include <QAction>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QFontMetrics>
#include <QGuiApplication>
#include <QKeyEvent>
#include <QMenu>
#include <QScrollBar>
#include <QTimerEvent>
#include <QWheelEvent>

#include <algorithm>

namespace faultline::views {

namespace {

constexpr int padding = 8;
constexpr int dragIntervalMs = 30;
constexpr qsizetype maxCopied = 64 * 1024 * 1024;

} // namespace

LogView::LogView(const Theme &theme, const models::LogDocument &document,
    const models::LogSearch &search, QWidget *parent)
    : QAbstractScrollArea(parent)
    , m_theme(theme)
    , m_document(document)
    , m_search(search)
{
    setFrameShape(QFrame::NoFrame);
    setFocusPolicy(Qt::StrongFocus);
    viewport()->setCursor(Qt::IBeamCursor);
    setAccessibleName(tr("Log"));
    measure();
    connect(&document, &models::LogDocument::grew, this, &LogView::updateBars);
    connect(&document, &models::LogDocument::restarted, this, [this] {
        m_anchor = m_head = {};
        m_widest = 0;
        setFollows(true);
        updateBars();
    });
    connect(&search, &models::LogSearch::changed, viewport(), qOverload<>(&QWidget::update));
    connect(&theme, &Theme::changed, viewport(), qOverload<>(&QWidget::update));
    connect(verticalScrollBar(), &QScrollBar::valueChanged, this, &LogView::scrolled);
    connect(horizontalScrollBar(), &QScrollBar::valueChanged, viewport(),
        qOverload<>(&QWidget::update));
    updateBars();
}

void LogView::measure()
{
    m_font = Theme::font(TextRole::Mono);
    const QFontMetrics metrics(m_font);
    m_lineHeight = metrics.height() + 3;
    m_ascent = metrics.ascent() + 1;
    m_charWidth = std::max(1, metrics.horizontalAdvance(QLatin1Char('0')));
}

void LogView::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange) {
        measure();
        updateBars();
    }
    QAbstractScrollArea::changeEvent(event);
}

void LogView::resizeEvent(QResizeEvent *)
{
    updateBars();
}

void LogView::updateBars()
{
    const int digits
        = static_cast<int>(QString::number(std::max(1, m_document.lineCount())).size());
    m_gutter
        = padding + m_charWidth * (m_document.hasTimes() ? 12 : std::max(4, digits)) + 2 * padding;

    const int rows = std::max(1, viewport()->height() / m_lineHeight);
    m_isAdjusting = true;
    verticalScrollBar()->setPageStep(rows);
    verticalScrollBar()->setRange(0, std::max(0, m_document.lineCount() - rows));
    if (m_follows)
        verticalScrollBar()->setValue(verticalScrollBar()->maximum());
    const int room = viewport()->width() - m_gutter - padding;
    horizontalScrollBar()->setPageStep(std::max(1, room));
    horizontalScrollBar()->setSingleStep(4 * m_charWidth);
    horizontalScrollBar()->setRange(0, std::max(0, m_widest - room));
    m_isAdjusting = false;
    viewport()->update();
}

void LogView::scrolled()
{
    if (!m_isAdjusting)
        setFollows(verticalScrollBar()->value() == verticalScrollBar()->maximum());
    viewport()->update();
}

void LogView::setFollows(bool follows)
{
    if (follows == m_follows)
        return;
    m_follows = follows;
    Q_EMIT followingChanged(follows);
}

void LogView::follow()
{
    setFollows(true);
    updateBars();
}

int LogView::firstVisibleLine() const
{
    return verticalScrollBar()->value();
}

void LogView::wheelEvent(QWheelEvent *event)
{
    if (event->angleDelta().y() > 0 && verticalScrollBar()->value() > 0)
        setFollows(false);
    QAbstractScrollArea::wheelEvent(event);
}

void LogView::keyPressEvent(QKeyEvent *event)
{
    QScrollBar *bar = verticalScrollBar();
    if (event->matches(QKeySequence::Copy)) {
        copy();
    } else if (event->matches(QKeySequence::SelectAll)) {
        selectAll();
    } else if (event->key() == Qt::Key_End) {
        follow();
    } else if (event->key() == Qt::Key_Home) {
        bar->setValue(0);
    } else if (event->key() == Qt::Key_Up || event->key() == Qt::Key_K) {
        bar->setValue(bar->value() - 1);
    } else if (event->key() == Qt::Key_Down || event->key() == Qt::Key_J) {
        bar->setValue(bar->value() + 1);
    } else {
        QAbstractScrollArea::keyPressEvent(event);
    }
}

LogView::Place LogView::placeAt(QPoint point) const
{
    const int row = point.y() < 0 ? -1 : point.y() / m_lineHeight;
    const int line
        = std::clamp(firstVisibleLine() + row, 0, std::max(0, m_document.lineCount() - 1));
    return { line, columnAt(ShownLine::from(m_document.line(line)), point.x()) };
}

int LogView::xOf(const ShownLine &line, qsizetype column) const
{
    return m_gutter - horizontalScrollBar()->value()
        + QFontMetrics(m_font).horizontalAdvance(line.text, static_cast<int>(column));
}

qsizetype LogView::columnAt(const ShownLine &line, int x) const
{
    qsizetype low = 0;
    qsizetype high = line.text.size();
    while (low < high) {
        const qsizetype middle = (low + high) / 2;
        if (xOf(line, middle) + m_charWidth / 2 < x)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

void LogView::mousePressEvent(QMouseEvent *event)
{
    if (event->button() != Qt::LeftButton)
        return;
    const Place place = placeAt(event->position().toPoint());
    if (!event->modifiers().testFlag(Qt::ShiftModifier))
        m_anchor = place;
    m_head = place;
    viewport()->update();
}

void LogView::mouseMoveEvent(QMouseEvent *event)
{
    if (!event->buttons().testFlag(Qt::LeftButton))
        return;
    m_dragAt = event->position().toPoint();
    m_head = placeAt(m_dragAt);
    const bool isOutside = m_dragAt.y() < 0 || m_dragAt.y() >= viewport()->height();
    if (isOutside && !m_dragTimer.isActive())
        m_dragTimer.start(dragIntervalMs, this);
    else if (!isOutside)
        m_dragTimer.stop();
    viewport()->update();
}

void LogView::mouseReleaseEvent(QMouseEvent *)
{
    m_dragTimer.stop();
    const auto [from, to] = selection();
    if (from < to && QGuiApplication::clipboard()->supportsSelection())
        QGuiApplication::clipboard()->setText(selectedText(), QClipboard::Selection);
}

void LogView::mouseDoubleClickEvent(QMouseEvent *event)
{
    const Place place = placeAt(event->position().toPoint());
    const QString text = ShownLine::from(m_document.line(place.line)).text;
    const auto isWord = [&text](qsizetype at) {
        return text[at].isLetterOrNumber() || QStringView(u"_-.:/").contains(text[at]);
    };
    qsizetype from = std::min(place.column, text.size());
    qsizetype to = from;
    while (from > 0 && isWord(from - 1))
        --from;
    while (to < text.size() && isWord(to))
        ++to;
    m_anchor = { place.line, from };
    m_head = { place.line, to };
    viewport()->update();
}

void LogView::timerEvent(QTimerEvent *event)
{
    if (event->timerId() != m_dragTimer.timerId()) {
        QAbstractScrollArea::timerEvent(event);
        return;
    }
    const int beyond = m_dragAt.y() < 0 ? m_dragAt.y() : m_dragAt.y() - viewport()->height();
    verticalScrollBar()->setValue(
        verticalScrollBar()->value() + beyond / m_lineHeight + (beyond < 0 ? -1 : 1));
    m_head = placeAt(m_dragAt);
    viewport()->update();
}

void LogView::contextMenuEvent(QContextMenuEvent *event)
{
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    const auto [from, to] = selection();
    QAction *copied = menu->addAction(tr("Copy"), this, &LogView::copy);
    copied->setShortcut(QKeySequence::Copy);
    copied->setEnabled(from < to);
    menu->addAction(tr("Select all"), this, &LogView::selectAll);
    menu->addSeparator();
    QAction *end = menu->addAction(tr("Go to the end and follow"), this, &LogView::follow);
    end->setShortcut(Qt::Key_End);
    menu->popup(event->globalPos());
}

std::pair<LogView::Place, LogView::Place> LogView::selection() const
{
    return std::minmax(m_anchor, m_head);
}

void LogView::selectAll()
{
    const int last = std::max(0, m_document.lineCount() - 1);
    m_anchor = {};
    m_head = { last, ShownLine::from(m_document.line(last)).text.size() };
    viewport()->update();
}

QString LogView::selectedText() const
{
    const auto [from, to] = selection();
    QString out;
    for (int line = from.line; line <= to.line && out.size() < maxCopied; ++line) {
        const QString text = ShownLine::from(m_document.line(line)).text;
        const qsizetype begin = line == from.line ? from.column : 0;
        const qsizetype end = line == to.line ? to.column : text.size();
        if (line > from.line && !m_document.line(line).continues)
            out += QLatin1Char('\n');
        out += QStringView(text).mid(begin, end - begin);
    }
    return out;
}

void LogView::copy() const
{
    const QString text = selectedText();
    if (!text.isEmpty())
        QGuiApplication::clipboard()->setText(text);
}

void LogView::showHit(std::size_t index)
{
    if (index >= m_search.hits().size())
        return;
    m_currentHit = index;
    const models::LogSearch::Hit &hit = m_search.hits()[index];
    const int rows = verticalScrollBar()->pageStep();
    if (hit.line < firstVisibleLine() || hit.line >= firstVisibleLine() + rows) {
        setFollows(false);
        verticalScrollBar()->setValue(hit.line - rows / 2);
    }
    const logs::LogLine line = m_document.line(hit.line);
    const int x = xOf(ShownLine::from(line), columnOfByte(line.text, hit.byte));
    if (x < m_gutter || x > viewport()->width() - 10 * m_charWidth)
        horizontalScrollBar()->setValue(
            horizontalScrollBar()->value() + x - viewport()->width() / 2);
    viewport()->update();
}

} // namespace faultline::views
