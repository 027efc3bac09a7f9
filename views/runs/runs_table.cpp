// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/runs/runs_table.h"

#include "models/runs_model.h"
#include "views/runs/run_painter.h"
#include "views/widgets/plain_tool_tip.h"

#include <QHeaderView>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QStyledItemDelegate>
#include <QToolTip>

namespace faultline::views {

using models::RunRow;
using models::RunsModel;

namespace {

/// Only sizes rows; RunsTable::drawRow paints them, so that a row's values are made once and not
/// once per column.
class RowHeight : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    QSize sizeHint(const QStyleOptionViewItem &, const QModelIndex &index) const override
    {
        return { 0, index.parent().isValid() ? metrics::row : metrics::groupRow };
    }
};

RunRow rowAt(const QModelIndex &index)
{
    return index.data(RunsModel::RunRowRole).value<RunRow>();
}

QString exactTimes(const RunRow &row)
{
    const auto exact
        = [](const QDateTime &at) { return at.toLocalTime().toString(Qt::ISODateWithMs); };
    QStringList lines;
    if (row.createdAt.isValid())
        lines.append(RunsTable::tr("Created %1").arg(exact(row.createdAt)));
    if (row.startedAt.isValid())
        lines.append(RunsTable::tr("Started %1").arg(exact(row.startedAt)));
    if (row.finishedAt.isValid())
        lines.append(RunsTable::tr("Finished %1").arg(exact(row.finishedAt)));
    return lines.join(QLatin1Char('\n'));
}

} // namespace

RunsTable::RunsTable(const Theme &theme, QWidget *parent)
    : QTreeView(parent)
    , m_theme(theme)
{
    setItemDelegate(new RowHeight(this));
    setRootIsDecorated(false);
    setIndentation(0);
    setItemsExpandable(true);
    setExpandsOnDoubleClick(false);
    setSelectionBehavior(SelectRows);
    setSelectionMode(SingleSelection);
    setVerticalScrollMode(ScrollPerPixel);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setFrameShape(QFrame::NoFrame);
    setEditTriggers(NoEditTriggers);
    setAllColumnsShowFocus(true);
    header()->setHighlightSections(false);
    header()->setSectionsMovable(false);
    header()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    connect(&theme, &Theme::changed, this, [this] { viewport()->update(); });
    connect(
        this, &QTreeView::collapsed, this, [this](const QModelIndex &at) { remember(at, true); });
    connect(
        this, &QTreeView::expanded, this, [this](const QModelIndex &at) { remember(at, false); });
    m_second.setInterval(1000);
    connect(&m_second, &QTimer::timeout, this, [this] {
        if (!isVisible())
            return;
        viewport()->update(); // elapsed times and bars move though no row changed
        Q_EMIT currentRowChanged(); // and so do the inspector's ages
    });
    m_second.start();
}

void RunsTable::setModel(QAbstractItemModel *model)
{
    QTreeView::setModel(model);
    connect(model, &QAbstractItemModel::modelReset, this,
        [this] { expandKnown(0, this->model()->rowCount() - 1); });
    expandKnown(0, model->rowCount() - 1);
    for (const auto &[column, pixels] :
        std::initializer_list<std::pair<int, int>>{ { RunsModel::VerdictColumn, 102 },
            { RunsModel::VersionsColumn, 126 }, { RunsModel::StagesColumn, 66 },
            { RunsModel::TimeColumn, 224 }, { RunsModel::RunnerColumn, 126 },
            { RunsModel::StackColumn, 156 }, { RunsModel::TriggerColumn, 110 } })
        setColumnWidth(column, pixels);
    header()->setStretchLastSection(false);
    header()->setMinimumSectionSize(60);
    header()->setSectionResizeMode(RunsModel::CaseColumn, QHeaderView::Stretch);
}

RunRow RunsTable::currentRow() const
{
    return currentIndex().isValid() ? rowAt(currentIndex()) : RunRow{};
}

void RunsTable::drawRow(
    QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const bool selected = selectionModel()->isSelected(index);
    const RunRow row = rowAt(index);
    const RunPainter cells(m_theme, m_texts, *painter, QDateTime::currentDateTimeUtc(), selected);
    QRect rect = option.rect;
    rect.setLeft(0);
    rect.setWidth(viewport()->width());
    painter->save();
    if (row.kind == RunRow::Kind::Pipeline) {
        cells.paintPipeline(row, rect, isExpanded(index.siblingAtColumn(0)));
    } else {
        if (selected)
            painter->fillRect(rect, m_theme.color(Token::Selection));
        painter->fillRect(
            rect.left(), rect.bottom(), rect.width(), 1, m_theme.color(Token::Pressed));
        for (int column = 0; column < header()->count(); ++column) {
            if (isColumnHidden(column))
                continue;
            cells.paintCell(row, column,
                QRect(columnViewportPosition(column), rect.top(), columnWidth(column),
                    rect.height() - 1));
        }
    }
    if (selected && hasFocus()) {
        painter->setRenderHint(QPainter::Antialiasing, false);
        painter->fillRect(0, rect.top(), 2, rect.height(), m_theme.color(Token::Accent));
    }
    painter->restore();
}

void RunsTable::currentChanged(const QModelIndex &current, const QModelIndex &previous)
{
    QTreeView::currentChanged(current, previous);
    Q_EMIT currentRowChanged();
}

void RunsTable::dataChanged(
    const QModelIndex &topLeft, const QModelIndex &bottomRight, const QList<int> &roles)
{
    QTreeView::dataChanged(topLeft, bottomRight, roles);
    const QModelIndex current = currentIndex();
    if (current.isValid() && current.parent() == topLeft.parent() && current.row() >= topLeft.row()
        && current.row() <= bottomRight.row())
        Q_EMIT currentRowChanged();
}

void RunsTable::rowsInserted(const QModelIndex &parent, int start, int end)
{
    QTreeView::rowsInserted(parent, start, end);
    if (!parent.isValid())
        expandKnown(start, end);
    else if (!isExpanded(parent))
        expandKnown(parent.row(), parent.row());
}

void RunsTable::expandKnown(int first, int last)
{
    m_expanding = true;
    for (int row = first; row <= last; ++row) {
        const QModelIndex at = model()->index(row, 0);
        if (m_collapsed.isEmpty() || !m_collapsed.contains(rowAt(at).pipelineId))
            expand(at);
    }
    m_expanding = false;
}

void RunsTable::remember(const QModelIndex &index, bool collapsed)
{
    if (m_expanding)
        return;
    const domain::PipelineId id = rowAt(index).pipelineId;
    if (collapsed)
        m_collapsed.insert(id);
    else
        m_collapsed.remove(id);
}

void RunsTable::resizeEvent(QResizeEvent *event)
{
    QTreeView::resizeEvent(event);
    // What the band of the pipeline or the inspector says too makes room for the case's name.
    setColumnHidden(RunsModel::TriggerColumn, viewport()->width() < 1040);
    setColumnHidden(RunsModel::RunnerColumn, viewport()->width() < 880);
}

void RunsTable::mouseReleaseEvent(QMouseEvent *event)
{
    QTreeView::mouseReleaseEvent(event);
    const QModelIndex at = indexAt(event->position().toPoint());
    if (event->button() == Qt::LeftButton && at.isValid() && !at.parent().isValid()
        && event->position().x() < 26) {
        const QModelIndex band = at.siblingAtColumn(0);
        setExpanded(band, !isExpanded(band));
    }
}

void RunsTable::keyPressEvent(QKeyEvent *event)
{
    const bool enter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    const QModelIndex band = currentIndex().siblingAtColumn(0);
    if (!enter || !band.isValid()) {
        QTreeView::keyPressEvent(event);
        return;
    }
    if (band.parent().isValid())
        Q_EMIT opened();
    else
        setExpanded(band, !isExpanded(band));
}

bool RunsTable::viewportEvent(QEvent *event)
{
    if (event->type() == QEvent::MouseButtonDblClick) {
        const auto *mouse = static_cast<QMouseEvent *>(event);
        const QModelIndex at = indexAt(mouse->position().toPoint());
        if (at.isValid() && at.parent().isValid()) {
            Q_EMIT opened();
            return true;
        }
    }
    if (event->type() == QEvent::ToolTip) {
        const auto *help = static_cast<QHelpEvent *>(event);
        const QModelIndex at = indexAt(help->pos());
        const QString text
            = at.column() == RunsModel::TimeColumn || (at.isValid() && !at.parent().isValid())
            ? exactTimes(rowAt(at))
            : at.data(Qt::DisplayRole).toString();
        QToolTip::showText(help->globalPos(), plainToolTip(text), this);
        return true;
    }
    return QTreeView::viewportEvent(event);
}

} // namespace faultline::views
