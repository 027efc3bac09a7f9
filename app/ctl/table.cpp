// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/table.h"

#include "app/ctl/printable.h"

#include <algorithm>

namespace faultline::ctl {

namespace {

QString line(const QStringList &cells, const QList<qsizetype> &widths)
{
    QString out;
    for (qsizetype column = 0; column < cells.size(); ++column)
        out += cells[column].leftJustified(widths[column] + 2);
    while (out.endsWith(u' '))
        out.chop(1);
    return out + u'\n';
}

} // namespace

Table::Table(QStringList headings)
    : m_headings(std::move(headings))
{
}

void Table::add(const QStringList &cells)
{
    QStringList row;
    for (qsizetype column = 0; column < m_headings.size(); ++column) {
        const QString cell = printableCell(cells.value(column));
        row += cell.isEmpty() ? QStringLiteral("-") : cell;
    }
    m_rows += row;
}

QString Table::text() const
{
    QList<qsizetype> widths;
    for (qsizetype column = 0; column < m_headings.size(); ++column) {
        qsizetype width = m_headings[column].size();
        for (const QStringList &row : m_rows)
            width = std::max(width, row[column].size());
        widths += width;
    }
    QString out = line(m_headings, widths);
    for (const QStringList &row : m_rows)
        out += line(row, widths);
    return out;
}

} // namespace faultline::ctl
