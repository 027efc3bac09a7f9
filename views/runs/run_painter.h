// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/run_row.h"
#include "views/theme/theme.h"
#include "views/widgets/laid_out_texts.h"

#include <QCoreApplication>
#include <QRect>

class QPainter;

namespace faultline::views {

/// Paints the cells of the Runs table: verdicts, stage dots, progress bars and the bands of
/// pipelines.
class RunPainter
{
    Q_DECLARE_TR_FUNCTIONS(RunPainter)

public:
    /// `texts` keeps laid-out texts from one paint to the next.
    RunPainter(
        const Theme &theme, LaidOutTexts &texts, QPainter &painter, QDateTime now, bool selected);

    void paintPipeline(const models::RunRow &row, const QRect &rect, bool expanded) const;
    /// One cell of a job; `column` is a RunsModel::Column.
    void paintCell(const models::RunRow &row, int column, const QRect &cell) const;
    void paintVerdict(const models::RunRow &row, const QRect &cell) const;
    void paintStages(const models::RunRow &row, const QRect &cell) const;
    void paintTime(const models::RunRow &row, const QRect &cell) const;

    /// What the Time column says: "3:43 / 6:00", "waiting 0:12", …
    [[nodiscard]] static QString timeText(const models::RunRow &row, const QDateTime &now);
    /// What a pipeline's band says at its end: "12 cases · 5 running · 1 failed".
    [[nodiscard]] static QString summaryText(const models::RunRow &row);

private:
    int paintText(const QString &text, const QRect &place, TextRole role, Token token,
        Qt::TextElideMode elide = Qt::ElideRight) const;
    void paintBar(const QRect &track, double fraction, Token token) const;

    const Theme &m_theme;
    LaidOutTexts &m_texts;
    QPainter &m_painter;
    QDateTime m_now;
    bool m_selected;
};

} // namespace faultline::views
