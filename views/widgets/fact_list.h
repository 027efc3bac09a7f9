// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QGridLayout;

namespace faultline::views {

class PlainLabel;

/// One line of an inspector: what it is, and its value.
struct Fact
{
    QString name;
    QString value;
    bool mono = false; ///< ids, addresses, hashes
    const char *tone = ""; ///< see PlainLabel::setTone
    QString toolTip{}; ///< plain text; the exact time behind a relative one
};

/// A titled block of facts in an inspector; values can be selected and copied. Facts without a
/// value are left out.
class FactList : public QWidget
{
    Q_OBJECT

public:
    explicit FactList(const QString &title, QWidget *parent = nullptr);

    /// Shows these facts in this order; reuses the labels, so that a selection survives an update.
    void setFacts(const QList<Fact> &facts);

private:
    void showRow(int row, const Fact &fact);

    QGridLayout *m_grid;
    QList<PlainLabel *> m_names;
    QList<PlainLabel *> m_values;
};

} // namespace faultline::views
