// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/runs/variable_table.h"

#include <QHBoxLayout>
#include <QLineEdit>
#include <QRegularExpression>
#include <QSet>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace faultline::views {

VariableTable::VariableTable(const Theme &theme, QWidget *parent)
    : QWidget(parent)
    , m_theme(theme)
    , m_layout(new QVBoxLayout(this))
{
    m_layout->setContentsMargins(0, 0, 0, 0);
    m_layout->setSpacing(4);
    addRow();
}

void VariableTable::addRow()
{
    Row row;
    row.widget = new QWidget(this);
    auto *layout = new QHBoxLayout(row.widget);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(6);
    row.name = new QLineEdit(row.widget);
    row.name->setPlaceholderText(tr("NAME"));
    row.name->setAccessibleName(tr("Variable name"));
    row.name->setMaxLength(255);
    row.value = new QLineEdit(row.widget);
    row.value->setPlaceholderText(tr("value"));
    row.value->setAccessibleName(tr("Variable value"));
    for (QLineEdit *edit : { row.name, row.value }) {
        edit->setFont(Theme::font(TextRole::Mono));
        connect(edit, &QLineEdit::textChanged, this, &VariableTable::rowEdited);
    }
    auto *drop = new QToolButton(row.widget);
    drop->setIcon(m_theme.icon(QStringLiteral("close")));
    drop->setFixedSize(metrics::control, metrics::control);
    drop->setToolTip(tr("Remove this variable"));
    drop->setAccessibleName(tr("Remove this variable"));
    connect(drop, &QToolButton::clicked, this, [this, widget = row.widget] { remove(widget); });
    layout->addWidget(row.name, 2);
    layout->addWidget(row.value, 3);
    layout->addWidget(drop);
    m_layout->addWidget(row.widget);
    m_rows.append(row);
}

void VariableTable::rowEdited()
{
    if (!m_rows.last().name->text().isEmpty() || !m_rows.last().value->text().isEmpty())
        addRow();
    Q_EMIT changed();
}

void VariableTable::remove(QWidget *row)
{
    const auto at = std::find_if(
        m_rows.begin(), m_rows.end(), [row](const Row &each) { return each.widget == row; });
    if (at == m_rows.end())
        return;
    m_rows.erase(at);
    row->hide();
    row->deleteLater();
    if (m_rows.isEmpty())
        addRow();
    Q_EMIT changed();
}

void VariableTable::append(const QString &name, const QString &value)
{
    const Row row = m_rows.last();
    row.name->setText(name);
    row.value->setText(value);
}

QMap<QString, QString> VariableTable::variables() const
{
    QMap<QString, QString> out;
    for (const Row &row : m_rows) {
        if (!row.name->text().trimmed().isEmpty())
            out.insert(row.name->text().trimmed(), row.value->text());
    }
    return out;
}

QString VariableTable::problem() const
{
    static const QRegularExpression valid(QStringLiteral("^[A-Za-z_][A-Za-z0-9_]*$"));
    QSet<QString> seen;
    for (const Row &row : m_rows) {
        const QString name = row.name->text().trimmed();
        if (name.isEmpty() && row.value->text().isEmpty())
            continue;
        if (name.isEmpty())
            return tr("A value has no name.");
        if (!valid.match(name).hasMatch())
            return tr("\"%1\" is not a name of a variable: letters, digits and _ only.").arg(name);
        if (seen.contains(name))
            return tr("\"%1\" is given twice.").arg(name);
        seen.insert(name);
    }
    return {};
}

} // namespace faultline::views
