// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/runs_filter.h"

#include "models/runs_model.h"

#include <algorithm>

namespace faultline::models {

RunsFilter::RunsFilter(QObject *parent)
    : QSortFilterProxyModel(parent)
{
    setRecursiveFilteringEnabled(true);
}

void RunsFilter::setVerdicts(const QSet<Verdict> &verdicts)
{
    if (verdicts == m_verdicts)
        return;
    m_verdicts = verdicts;
    invalidateFilter();
}

void RunsFilter::setText(const QString &text)
{
    const QStringList words = text.toLower().split(QLatin1Char(' '), Qt::SkipEmptyParts);
    if (words == m_words)
        return;
    m_words = words;
    invalidateFilter();
}

bool RunsFilter::filterAcceptsRow(int row, const QModelIndex &parent) const
{
    if (!isFiltering())
        return true;
    const QModelIndex at = sourceModel()->index(row, 0, parent);
    if (!parent.isValid() && sourceModel()->hasChildren(at))
        return false; // shown through its jobs
    if (!m_verdicts.isEmpty()
        && !m_verdicts.contains(static_cast<Verdict>(at.data(RunsModel::VerdictRole).toInt())))
        return false;
    if (m_words.isEmpty())
        return true;
    QString text = at.data(RunsModel::SearchRole).toString();
    if (parent.isValid())
        text += QLatin1Char('\n') + parent.data(RunsModel::SearchRole).toString();
    return std::all_of(
        m_words.begin(), m_words.end(), [&](const QString &word) { return text.contains(word); });
}

} // namespace faultline::models
