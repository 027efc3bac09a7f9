// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/log_document.h"
#include "models/log_search.h"
#include "services/session/session.h"
#include "views/theme/theme.h"

#include <QWidget>

#include <memory>

class QPushButton;

namespace faultline::views {

class Banner;
class LogView;
class PlainLabel;
class SearchBar;

/// The log of one job in the dock, followed while the job runs. Ctrl+F finds, End follows again.
class LogPanel : public QWidget
{
    Q_OBJECT

public:
    LogPanel(const Theme &theme, session::Session &session, domain::JobId job, const QString &title,
        QWidget *parent = nullptr);
    ~LogPanel() override;

    [[nodiscard]] domain::JobId job() const { return m_job; }
    /// "following", "ended", "failed": for the tab.
    [[nodiscard]] QString stateText() const;
    [[nodiscard]] LogView *view() const { return m_view; }
    [[nodiscard]] const models::LogDocument &document() const { return m_document; }

Q_SIGNALS:
    void stateChanged(const QString &text);
    void closeRequested();

private:
    enum class State { Waiting, Following, Ended, Failed };

    QWidget *makeHeader(const QString &title);
    void connectTail();
    void setState(State state);
    void refresh();

    const Theme &m_theme;
    domain::JobId m_job;
    models::LogDocument m_document;
    models::LogSearch m_search;
    LogView *m_view;
    SearchBar *m_searchBar;
    Banner *m_banner;
    PlainLabel *m_stateLabel = nullptr;
    PlainLabel *m_lines = nullptr;
    QPushButton *m_follow = nullptr;
    State m_state = State::Waiting;
    std::unique_ptr<session::JobLogTail> m_tail;
};

} // namespace faultline::views
