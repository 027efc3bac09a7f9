// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/stack_tree_model.h"
#include "views/theme/theme.h"

#include <QWidget>

class QFrame;
class QPushButton;

namespace faultline::views {

class FactList;
class IconLabel;
class PlainLabel;
struct Fact;

/// The job that made the stack of this row, by the label `faultline.job`; empty when none is known.
[[nodiscard]] domain::JobId runOf(const models::StackTreeModel &model, const QModelIndex &index);

/// The selected stack, service or container at the right: state, the server's words, facts, labels.
class StackInspector : public QWidget
{
    Q_OBJECT

public:
    StackInspector(
        const Theme &theme, const models::StackTreeModel &model, QWidget *parent = nullptr);

    /// Shows this row; an invalid index shows what to do.
    void showRow(const QModelIndex &index);

Q_SIGNALS:
    /// A person wants to see the run that made this stack.
    void runRequested(faultline::domain::JobId id);

private:
    QWidget *makeHeader();
    QWidget *makeWords();
    QWidget *makeActions();
    void showHeader(const QModelIndex &index, const domain::Lifecycle &life);
    void showStack(const domain::Stack &stack, const QModelIndex &index);
    void showService(const domain::Service &service);
    void showContainer(const domain::Container &container);
    void showLabels(const QMap<QString, QString> &labels);
    [[nodiscard]] QList<Fact> times(const domain::Lifecycle &life) const;

    const Theme &m_theme;
    const models::StackTreeModel &m_model;
    QWidget *m_content;
    PlainLabel *m_nothing;
    IconLabel *m_stateIcon = nullptr;
    PlainLabel *m_state = nullptr;
    PlainLabel *m_name = nullptr;
    QFrame *m_wordsBox = nullptr;
    PlainLabel *m_words = nullptr;
    QPushButton *m_run = nullptr;
    domain::JobId m_runId;
    FactList *m_facts;
    FactList *m_ids;
    FactList *m_labels;
};

} // namespace faultline::views
