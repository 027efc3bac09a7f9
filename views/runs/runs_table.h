// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/run_row.h"
#include "views/theme/theme.h"
#include "views/widgets/laid_out_texts.h"

#include <QSet>
#include <QTimer>
#include <QTreeView>

namespace faultline::views {

/// Jobs under bands of their pipelines, painted row by row. Pipelines are open unless a person
/// closed them.
class RunsTable : public QTreeView
{
    Q_OBJECT

public:
    explicit RunsTable(const Theme &theme, QWidget *parent = nullptr);

    void setModel(QAbstractItemModel *model) override;
    /// The run or pipeline under the keyboard; its kind is Job with an empty id when nothing is
    /// selected.
    [[nodiscard]] models::RunRow currentRow() const;

Q_SIGNALS:
    /// Another row is current, or the current one changed.
    void currentRowChanged();
    /// Enter or double click on a job.
    void opened();

protected:
    void drawRow(QPainter *painter, const QStyleOptionViewItem &option,
        const QModelIndex &index) const override;
    void currentChanged(const QModelIndex &current, const QModelIndex &previous) override;
    void dataChanged(const QModelIndex &topLeft, const QModelIndex &bottomRight,
        const QList<int> &roles) override;
    void rowsInserted(const QModelIndex &parent, int start, int end) override;
    void resizeEvent(QResizeEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    bool viewportEvent(QEvent *event) override;

private:
    void expandKnown(int first, int last);
    void remember(const QModelIndex &index, bool collapsed);

    const Theme &m_theme;
    mutable LaidOutTexts m_texts; // of what was painted
    QTimer m_second;
    QSet<domain::PipelineId> m_collapsed;
    bool m_expanding = false;
};

} // namespace faultline::views
