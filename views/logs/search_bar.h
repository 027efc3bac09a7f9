// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/log_search.h"
#include "views/theme/theme.h"

#include <QFrame>

class QLineEdit;

namespace faultline::views {

class LogView;
class PlainLabel;

/// Finds text in a log: count of hits, next (Enter), previous (Shift+Enter), Escape closes.
class SearchBar : public QFrame
{
    Q_OBJECT

public:
    SearchBar(
        const Theme &theme, models::LogSearch &search, LogView &view, QWidget *parent = nullptr);

    void open();
    void close();
    [[nodiscard]] QString countText() const;

public Q_SLOTS:
    void next();
    void previous();

protected:
    void keyPressEvent(QKeyEvent *event) override;

private:
    void refresh();
    void step(bool forward);

    models::LogSearch &m_search;
    LogView &m_view;
    QLineEdit *m_text;
    PlainLabel *m_count;
    std::size_t m_current = 0;
    bool m_hasCurrent = false;
};

} // namespace faultline::views
