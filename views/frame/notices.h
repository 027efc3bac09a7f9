// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/theme/theme.h"

#include <QDateTime>
#include <QFrame>
#include <QTimer>
#include <QToolButton>

namespace faultline::views {

class IconLabel;
class PlainLabel;

/// How an action ended, or something that a person should know.
struct Notice
{
    enum class Kind { Done, Failed };
    Kind kind = Kind::Done;
    QString text; ///< plain text
    QDateTime at; ///< UTC
};

/// The bell in the top bar: the history of notices, newest first, at most 100.
class NoticeBell : public QToolButton
{
    Q_OBJECT

public:
    explicit NoticeBell(const Theme &theme, QWidget *parent = nullptr);

    void add(const Notice &notice);
    [[nodiscard]] const QList<Notice> &history() const { return m_history; }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    void showHistory();

    const Theme &m_theme;
    QList<Notice> m_history;
    int m_unseen = 0;
};

/// A notice that shows itself over the lower edge of its parent for some seconds and stays in the
/// history.
class NoticeToast : public QFrame
{
    Q_OBJECT

public:
    NoticeToast(const Theme &theme, QWidget *parent);

    void showNotice(const Notice &notice);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void place();

    IconLabel *m_icon;
    PlainLabel *m_text;
    QTimer m_away;
};

} // namespace faultline::views
