// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/stacks/stack_table.h"

#include "models/counted_words.h"
#include "views/widgets/plain_tool_tip.h"
#include "views/widgets/tone.h"

#include <QHeaderView>
#include <QHelpEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QStyledItemDelegate>
#include <QToolTip>

namespace faultline::views {

using models::StackNodeKind;
using models::StackTreeModel;

namespace {

constexpr int rowHeight = 30;
constexpr int cellPadding = 8;
constexpr int fewStacks = 12; // so many are opened by themselves
constexpr int fewMatches = 200;

/// Only sizes rows; StackTable::drawRow paints them.
class RowHeight : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    QSize sizeHint(const QStyleOptionViewItem &, const QModelIndex &) const override
    {
        return { 0, rowHeight };
    }
};

int depthOf(QModelIndex index)
{
    int depth = 0;
    for (index = index.parent(); index.isValid(); index = index.parent())
        ++depth;
    return depth;
}

} // namespace

StackTable::StackTable(const Theme &theme, StackTreeModel &model, QWidget *parent)
    : QTreeView(parent)
    , m_theme(theme)
    , m_model(model)
{
    setItemDelegate(new RowHeight(this));
    setUniformRowHeights(true);
    setIndentation(20);
    setSelectionBehavior(SelectRows);
    setSelectionMode(SingleSelection);
    setVerticalScrollMode(ScrollPerPixel);
    setFrameShape(QFrame::NoFrame);
    setEditTriggers(NoEditTriggers);
    setAllColumnsShowFocus(true);
    setMouseTracking(true);
    setContextMenuPolicy(Qt::CustomContextMenu);
    setModel(&model);
    header()->setHighlightSections(false);
    header()->setSectionsMovable(false);
    header()->setStretchLastSection(false);
    header()->setMinimumSectionSize(48);
    header()->setSectionResizeMode(StackTreeModel::NameColumn, QHeaderView::Stretch);
    for (const auto &[column, pixels] : std::initializer_list<std::pair<int, int>>{
             { StackTreeModel::StateColumn, 122 }, { StackTreeModel::ImageColumn, 152 },
             { StackTreeModel::HostColumn, 96 }, { StackTreeModel::PortsColumn, 112 },
             { StackTreeModel::ScaleColumn, 84 }, { StackTreeModel::AgeColumn, 80 } })
        setColumnWidth(column, pixels);
    header()->setSortIndicator(StackTreeModel::NameColumn, Qt::AscendingOrder);
    setSortingEnabled(true);
    connect(&theme, &Theme::changed, viewport(), qOverload<>(&QWidget::update));
    connect(&model, &QAbstractItemModel::layoutChanged, this, [this] { m_visible.clear(); });
    connect(&model, &QAbstractItemModel::rowsRemoved, this, [this] { m_visible.clear(); });
    connect(&model, &QAbstractItemModel::modelReset, this, [this] {
        m_hasOpened = false;
        openNew();
    });
    m_ages.setInterval(5000);
    connect(&m_ages, &QTimer::timeout, this, [this] {
        if (!isVisible())
            return;
        viewport()->update();
        Q_EMIT currentRowChanged();
    });
    m_ages.start();
    openNew();
}

void StackTable::openNew()
{
    for (int row = 0; m_model.rowCount() <= fewStacks && row < m_model.rowCount(); ++row)
        expandRecursively(m_model.index(row, 0));
}

void StackTable::showMatches()
{
    if (m_model.isFiltering() && m_model.matchCount() <= fewMatches)
        expandAll();
}

void StackTable::rowsInserted(const QModelIndex &parent, int start, int end)
{
    m_visible.clear();
    QTreeView::rowsInserted(parent, start, end);
    if (m_model.rowCount() > fewStacks)
        return;
    for (int row = start; row <= end; ++row)
        expandRecursively(m_model.index(row, 0, parent));
    if (parent.isValid() && !isExpanded(parent) && m_model.rowCount(parent) == end - start + 1)
        expand(parent); // it had nothing to open until now
}

void StackTable::currentChanged(const QModelIndex &current, const QModelIndex &previous)
{
    QTreeView::currentChanged(current, previous);
    Q_EMIT currentRowChanged();
}

/// The base class looks through all rows for each change; here each change is looked for among the
/// rows that can be seen, which are listed once for a burst.
void StackTable::updateVisible(const QModelIndex &topLeft, const QModelIndex &bottomRight)
{
    if (m_visible.isEmpty()) {
        const int bottom = viewport()->height();
        for (QModelIndex at = indexAt(QPoint(1, 1)); at.isValid(); at = indexBelow(at)) {
            const QRect place = visualRect(at);
            if (place.top() >= bottom)
                break;
            m_visible.append({ at.parent(), at.row(),
                QRect(0, place.top(), viewport()->width(), place.height()) });
        }
        QMetaObject::invokeMethod(
            this, [this] { m_visible.clear(); }, Qt::QueuedConnection);
    }
    const QModelIndex parent = topLeft.parent();
    for (const VisibleRow &visible : std::as_const(m_visible)) {
        if (visible.row >= topLeft.row() && visible.row <= bottomRight.row()
            && visible.parent == parent)
            viewport()->update(visible.place);
    }
}

void StackTable::dataChanged(
    const QModelIndex &topLeft, const QModelIndex &bottomRight, const QList<int> &)
{
    updateVisible(topLeft, bottomRight);
    const QModelIndex current = currentIndex();
    if (current.isValid() && current.row() >= topLeft.row() && current.row() <= bottomRight.row()
        && current.parent() == topLeft.parent())
        Q_EMIT currentRowChanged();
}

void StackTable::resizeEvent(QResizeEvent *event)
{
    QTreeView::resizeEvent(event);
    setColumnHidden(StackTreeModel::HostColumn, viewport()->width() < 760);
    setColumnHidden(StackTreeModel::ImageColumn, viewport()->width() < 640);
}

QRect StackTable::cellRect(const QRect &row, int column) const
{
    return QRect(columnViewportPosition(column), row.top(), columnWidth(column), row.height() - 1);
}

StackTable::ScaleParts StackTable::scaleParts(const QRect &cell)
{
    constexpr int side = 20;
    const int top = cell.top() + (cell.height() - side) / 2;
    ScaleParts parts;
    parts.more = QRect(cell.right() - cellPadding - side + 1, top, side, side);
    parts.less = QRect(cell.left() + cellPadding, top, side, side);
    parts.value = QRect(parts.less.right() + 4, cell.top(),
        parts.more.left() - parts.less.right() - 8, cell.height());
    return parts;
}

void StackTable::drawRow(
    QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const bool isSelected = selectionModel()->isSelected(index);
    const QModelIndex first = index.siblingAtColumn(0);
    const bool isHot = m_hovered.isValid() && m_hovered == first;
    QRect row = option.rect;
    row.setLeft(0);
    row.setWidth(viewport()->width());
    painter->save();
    if (isSelected)
        painter->fillRect(row, m_theme.color(Token::Selection));
    else if (isHot)
        painter->fillRect(row, m_theme.color(Token::Panel));
    if (!first.parent().isValid())
        painter->fillRect(row.left(), row.top(), row.width(), 1, m_theme.color(Token::Pressed));
    paintName(*painter, row, first);
    for (int column = StackTreeModel::StateColumn; column < StackTreeModel::ColumnCount; ++column) {
        if (isColumnHidden(column))
            continue;
        const QModelIndex cell = first.siblingAtColumn(column);
        const QRect place = cellRect(row, column);
        if (column == StackTreeModel::StateColumn)
            paintState(*painter, place, cell);
        else if (column == StackTreeModel::ScaleColumn && m_model.service(first) != nullptr)
            paintScale(*painter, place, cell, isHot || isSelected);
        else
            paintCell(*painter, place, cell, isSelected);
    }
    if (m_model.kind(first) == StackNodeKind::Stack)
        paintContent(*painter, row, first, isSelected);
    if (isSelected && hasFocus())
        painter->fillRect(0, row.top(), 2, row.height(), m_theme.color(Token::Accent));
    painter->restore();
}

void StackTable::paintName(QPainter &painter, const QRect &row, const QModelIndex &index) const
{
    const QRect cell = cellRect(row, StackTreeModel::NameColumn);
    const int left = cell.left() + indentation() * depthOf(index);
    if (m_model.hasChildren(index)) {
        const QRect place(left + 4, cell.center().y() - 5, 12, 12);
        m_theme
            .icon(isExpanded(index) ? QStringLiteral("chevron-down")
                                    : QStringLiteral("chevron-right"))
            .paint(&painter, place);
    }
    const bool isStack = m_model.kind(index) == StackNodeKind::Stack;
    painter.setPen(m_theme.color(Token::Text));
    m_texts.draw(painter, cell.adjusted(left - cell.left() + indentation(), 0, -cellPadding, 0),
        index.data().toString(), isStack ? TextRole::Strong : TextRole::Body, Qt::AlignLeft,
        Qt::ElideMiddle);
}

void StackTable::paintState(QPainter &painter, const QRect &cell, const QModelIndex &index) const
{
    const QString word = index.data().toString();
    if (word.isEmpty())
        return;
    const auto tone = static_cast<domain::Tone>(index.data(StackTreeModel::ToneRole).toInt());
    const Token token = tokenFor(tone);
    const QRect icon(cell.left() + cellPadding, cell.center().y() - 6, 13, 13);
    m_theme.icon(iconFor(tone), token).paint(&painter, icon);
    const QRect place = cell.adjusted(cellPadding + 20, 0, -cellPadding, 0);
    const bool isQuiet = tone == domain::Tone::Ok || tone == domain::Tone::Idle;
    painter.setPen(
        m_theme.color(isQuiet ? (tone == domain::Tone::Ok ? Token::Text : Token::Muted) : token));
    m_texts.draw(painter, place, word, isQuiet ? TextRole::Body : TextRole::Strong);
}

void StackTable::paintScale(
    QPainter &painter, const QRect &cell, const QModelIndex &index, bool isHot) const
{
    const ScaleParts parts = scaleParts(cell);
    painter.setPen(m_theme.color(Token::Text));
    m_texts.draw(painter, isHot ? parts.value : cell.adjusted(cellPadding, 0, -cellPadding, 0),
        index.data().toString(), TextRole::Body, isHot ? Qt::AlignHCenter : Qt::AlignRight);
    const bool canScale = m_model.life(index)->actions.contains(QStringLiteral("update"));
    if (!isHot || !canScale)
        return;
    painter.setRenderHint(QPainter::Antialiasing);
    for (const auto &[place, sign] : { std::pair(parts.less, u'−'), std::pair(parts.more, u'+') }) {
        painter.setPen(m_theme.color(Token::Border));
        painter.setBrush(m_theme.color(Token::Raised));
        painter.drawRoundedRect(QRectF(place).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4);
        painter.setPen(m_theme.color(Token::Text));
        painter.drawText(place, Qt::AlignCenter, QString(QChar(sign)));
    }
    painter.setRenderHint(QPainter::Antialiasing, false);
}

void StackTable::paintCell(
    QPainter &painter, const QRect &cell, const QModelIndex &index, bool isSelected) const
{
    const QString text = index.data().toString();
    if (text.isEmpty())
        return;
    const bool isMono = index.column() == StackTreeModel::ImageColumn
        || index.column() == StackTreeModel::HostColumn
        || index.column() == StackTreeModel::PortsColumn;
    const bool isRight = index.column() == StackTreeModel::AgeColumn;
    // Muted words lose too much contrast on the selection.
    painter.setPen(m_theme.color(isSelected ? Token::Text : Token::Muted));
    m_texts.draw(painter, cell.adjusted(cellPadding, 0, -cellPadding, 0), text,
        isMono ? TextRole::Mono : TextRole::Body, isRight ? Qt::AlignRight : Qt::AlignLeft,
        Qt::ElideMiddle);
}

/// A stack has no image, host or ports of its own: their place tells what is in it.
void StackTable::paintContent(
    QPainter &painter, const QRect &row, const QModelIndex &index, bool isSelected) const
{
    const StackTreeModel::Content content = m_model.contentOf(index);
    QStringList words;
    if (content.services > 0)
        words.append(models::serviceWords(content.services));
    words.append(models::containerWords(content.containers));
    QRect place = cellRect(row, StackTreeModel::PortsColumn);
    place.setLeft(columnViewportPosition(StackTreeModel::StateColumn)
        + columnWidth(StackTreeModel::StateColumn));
    painter.setPen(m_theme.color(isSelected ? Token::Text : Token::Muted));
    m_texts.draw(painter, place.adjusted(cellPadding, 0, -cellPadding, 0),
        words.join(QStringLiteral(" · ")), TextRole::Body);
}

void StackTable::mousePressEvent(QMouseEvent *event)
{
    const QPoint point = event->position().toPoint();
    const QModelIndex at = indexAt(point);
    const domain::Service *service = m_model.service(at);
    if (event->button() == Qt::LeftButton && service != nullptr
        && at.column() == StackTreeModel::ScaleColumn) {
        const ScaleParts parts = scaleParts(cellRect(visualRect(at), StackTreeModel::ScaleColumn));
        const int step = parts.less.contains(point) ? -1 : (parts.more.contains(point) ? 1 : 0);
        if (step != 0) {
            setCurrentIndex(at);
            Q_EMIT scaleRequested(at.siblingAtColumn(0), service->scale + step);
            return;
        }
    }
    QTreeView::mousePressEvent(event);
}

void StackTable::mouseMoveEvent(QMouseEvent *event)
{
    const QModelIndex at = indexAt(event->position().toPoint()).siblingAtColumn(0);
    if (m_hovered != at) {
        m_hovered = at;
        viewport()->update();
    }
    QTreeView::mouseMoveEvent(event);
}

void StackTable::leaveEvent(QEvent *event)
{
    m_hovered = QModelIndex();
    viewport()->update();
    QTreeView::leaveEvent(event);
}

bool StackTable::viewportEvent(QEvent *event)
{
    if (event->type() != QEvent::ToolTip)
        return QTreeView::viewportEvent(event);
    const auto *help = static_cast<QHelpEvent *>(event);
    const QModelIndex at = indexAt(help->pos());
    QString text = at.data().toString();
    const domain::Lifecycle *life = at.isValid() ? m_model.life(at) : nullptr;
    if (life != nullptr && at.column() == StackTreeModel::StateColumn
        && !life->transitioningMessage.isEmpty())
        text += QLatin1Char('\n') + life->transitioningMessage;
    if (life != nullptr && at.column() == StackTreeModel::AgeColumn && life->created.isValid())
        text = life->created.toLocalTime().toString(Qt::ISODate);
    QToolTip::showText(help->globalPos(), plainToolTip(text), this);
    return true;
}

} // namespace faultline::views
