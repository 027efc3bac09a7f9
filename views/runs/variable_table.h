// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/theme/theme.h"

#include <QMap>
#include <QWidget>

class QLineEdit;
class QVBoxLayout;

namespace faultline::views {

/// Rows of name and value; a new empty row appears as soon as the last one is used.
class VariableTable : public QWidget
{
    Q_OBJECT

public:
    explicit VariableTable(const Theme &theme, QWidget *parent = nullptr);

    /// Rows with a name. Meaningful when problem() is empty.
    [[nodiscard]] QMap<QString, QString> variables() const;
    /// What is wrong, as a sentence; empty when all is well.
    [[nodiscard]] QString problem() const;
    /// Sets the last, empty row.
    void append(const QString &name, const QString &value);

Q_SIGNALS:
    void changed();

private:
    struct Row
    {
        QWidget *widget = nullptr;
        QLineEdit *name = nullptr;
        QLineEdit *value = nullptr;
    };

    void addRow();
    void remove(QWidget *row);
    void rowEdited();

    const Theme &m_theme;
    QVBoxLayout *m_layout;
    QList<Row> m_rows;
};

} // namespace faultline::views
