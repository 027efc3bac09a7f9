// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QStringList>

namespace faultline::ctl {

/// A table for people: columns as wide as their widest cell, two spaces between, headings in
/// capitals.
class Table
{
public:
    explicit Table(QStringList headings);

    /// Cells beyond the headings are dropped, missing ones are empty; control characters are
    /// removed.
    void add(const QStringList &cells);

    [[nodiscard]] bool isEmpty() const { return m_rows.isEmpty(); }
    /// All lines, each with its "\n" and without trailing spaces.
    [[nodiscard]] QString text() const;

private:
    QStringList m_headings;
    QList<QStringList> m_rows;
};

} // namespace faultline::ctl
