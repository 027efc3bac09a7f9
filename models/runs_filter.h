// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/run_row.h"

#include <QSet>
#include <QSortFilterProxyModel>
#include <QStringList>

namespace faultline::models {

/// Runs of some verdicts whose texts hold every word of a search. A pipeline is shown when one of
/// its jobs is (or when it has none and matches itself); words may match the job or its pipeline.
/// Follows changes row by row.
class RunsFilter : public QSortFilterProxyModel
{
    Q_OBJECT

public:
    explicit RunsFilter(QObject *parent = nullptr);

    /// Empty: all verdicts.
    void setVerdicts(const QSet<Verdict> &verdicts);
    [[nodiscard]] const QSet<Verdict> &verdicts() const { return m_verdicts; }
    /// Words separated by blanks, in any case; all must be found.
    void setText(const QString &text);
    [[nodiscard]] bool isFiltering() const { return !m_verdicts.isEmpty() || !m_words.isEmpty(); }

protected:
    bool filterAcceptsRow(int row, const QModelIndex &parent) const override;

private:
    QSet<Verdict> m_verdicts;
    QStringList m_words;
};

} // namespace faultline::models
