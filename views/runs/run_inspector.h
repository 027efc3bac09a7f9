// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/run_row.h"
#include "views/theme/theme.h"

#include <QWidget>

class QPushButton;

namespace faultline::views {

class FactList;
class IconLabel;
class PlainLabel;

/// The selected run or pipeline at the right: verdict, why, facts, actions.
class RunInspector : public QWidget
{
    Q_OBJECT

public:
    explicit RunInspector(const Theme &theme, QWidget *parent = nullptr);

    /// Shows this row; the flags say which actions make sense now.
    void showRow(const models::RunRow &row, bool canStop, bool canRetry);
    void showNothing();

Q_SIGNALS:
    void logRequested();
    void stopRequested();
    void retryRequested();
    void stackRequested();

private:
    QWidget *makeHeader();
    QWidget *makeActions();
    void showVerdict(const models::RunRow &row);
    void showFacts(const models::RunRow &row);

    const Theme &m_theme;
    models::RunRow m_row;
    QWidget *m_content;
    QWidget *m_nothing;
    IconLabel *m_verdictIcon;
    PlainLabel *m_verdict;
    PlainLabel *m_name;
    PlainLabel *m_why;
    QPushButton *m_log;
    QPushButton *m_stop;
    QPushButton *m_retry;
    QPushButton *m_stack;
    QPushButton *m_web;
    FactList *m_source;
    FactList *m_times;
    FactList *m_place;
};

} // namespace faultline::views
