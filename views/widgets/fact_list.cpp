// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/widgets/fact_list.h"

#include "views/widgets/plain_label.h"
#include "views/widgets/plain_tool_tip.h"

#include <QGridLayout>

namespace faultline::views {

FactList::FactList(const QString &title, QWidget *parent)
    : QWidget(parent)
    , m_grid(new QGridLayout(this))
{
    m_grid->setContentsMargins(16, 12, 16, 12);
    m_grid->setHorizontalSpacing(12);
    m_grid->setVerticalSpacing(6);
    m_grid->setColumnMinimumWidth(0, 84);
    m_grid->setColumnStretch(1, 1);
    auto *heading = new PlainLabel(title.toUpper(), "section", this);
    m_grid->addWidget(heading, 0, 0, 1, 2);
}

void FactList::setFacts(const QList<Fact> &facts)
{
    int row = 0;
    for (const Fact &fact : facts) {
        if (!fact.value.isEmpty())
            showRow(row++, fact);
    }
    for (qsizetype rest = row; rest < m_names.size(); ++rest) {
        m_names.at(rest)->hide();
        m_values.at(rest)->hide();
    }
}

void FactList::showRow(int row, const Fact &fact)
{
    if (row == m_names.size()) {
        m_names.append(new PlainLabel({}, "muted", this));
        m_values.append(new PlainLabel({}, "", this));
        m_values.last()->setWordWrap(true);
        m_values.last()->setTextInteractionFlags(Qt::TextSelectableByMouse);
        m_grid->addWidget(m_names.last(), row + 1, 0, Qt::AlignTop);
        m_grid->addWidget(m_values.last(), row + 1, 1);
    }
    m_names.at(row)->setPlainText(fact.name);
    PlainLabel *value = m_values.at(row);
    const QString role = fact.mono ? QStringLiteral("mono") : QString();
    if (value->property("role").toString() != role) {
        value->setProperty("role", role);
        value->setProperty("tone", QVariant());
    }
    value->setPlainText(fact.value);
    value->setTone(fact.tone);
    value->setToolTip(plainToolTip(fact.toolTip));
    m_names.at(row)->show();
    value->show();
}

} // namespace faultline::views
