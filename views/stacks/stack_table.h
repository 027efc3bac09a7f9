// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/stack_tree_model.h"
#include "views/theme/theme.h"
#include "views/widgets/laid_out_texts.h"

#include <QTimer>
#include <QTreeView>

namespace faultline::views {

/// The tree of stacks, painted row by row. A burst of changes costs one repaint of what can be
/// seen.
class StackTable : public QTreeView
{
    Q_OBJECT

public:
    StackTable(const Theme &theme, models::StackTreeModel &model, QWidget *parent = nullptr);

    /// Opens what holds the matches of the filter, when they are few enough to be looked at.
    void showMatches();

Q_SIGNALS:
    /// Another row is current, or the current one changed.
    void currentRowChanged();
    /// A person pressed − or + in the scale column.
    void scaleRequested(const QModelIndex &service, int scale);

protected:
    void drawRow(QPainter *painter, const QStyleOptionViewItem &option,
        const QModelIndex &index) const override;
    void currentChanged(const QModelIndex &current, const QModelIndex &previous) override;
    void dataChanged(const QModelIndex &topLeft, const QModelIndex &bottomRight,
        const QList<int> &roles) override;
    void rowsInserted(const QModelIndex &parent, int start, int end) override;
    void resizeEvent(QResizeEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void leaveEvent(QEvent *event) override;
    bool viewportEvent(QEvent *event) override;

private:
    struct ScaleParts
    {
        QRect less;
        QRect value;
        QRect more;
    };

    struct VisibleRow
    {
        QModelIndex parent;
        int row = 0;
        QRect place;
    };

    void updateVisible(const QModelIndex &topLeft, const QModelIndex &bottomRight);
    [[nodiscard]] QRect cellRect(const QRect &row, int column) const;
    [[nodiscard]] static ScaleParts scaleParts(const QRect &cell);
    void paintName(QPainter &painter, const QRect &row, const QModelIndex &index) const;
    void paintState(QPainter &painter, const QRect &cell, const QModelIndex &index) const;
    void paintScale(
        QPainter &painter, const QRect &cell, const QModelIndex &index, bool isHot) const;
    void paintCell(
        QPainter &painter, const QRect &cell, const QModelIndex &index, bool isSelected) const;
    void paintContent(
        QPainter &painter, const QRect &row, const QModelIndex &index, bool isSelected) const;
    void openNew();

    const Theme &m_theme;
    mutable LaidOutTexts m_texts; // of what was painted
    models::StackTreeModel &m_model;
    QPersistentModelIndex m_hovered;
    QList<VisibleRow> m_visible; // only while a burst of changes is taken
    QTimer m_ages;
    bool m_hasOpened = false;
};

} // namespace faultline::views
