// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/log_document.h"

#include <QBasicTimer>
#include <QObject>

#include <string>
#include <vector>

namespace faultline::models {

/// All places of a text in a log, kept up as the log grows. Works in slices of a few milliseconds
/// on the UI thread. ASCII letters are equal in either case unless the text itself has a capital.
class LogSearch : public QObject
{
    Q_OBJECT

public:
    struct Hit
    {
        int line = 0;
        std::uint32_t byte = 0; ///< offset in the line's text
    };
    static constexpr std::size_t maxHits = 1'000'000; ///< further ones are not looked for

    explicit LogSearch(const LogDocument &document, QObject *parent = nullptr);

    void setText(const QString &text);
    [[nodiscard]] std::size_t length() const { return m_needle.size(); } ///< bytes of a hit
    [[nodiscard]] const std::vector<Hit> &hits() const
    {
        return m_hits;
    } ///< in the order of the log
    [[nodiscard]] bool isComplete() const
    {
        return m_needle.empty() || m_next >= m_document.lineCount();
    }
    /// Index of the first hit at or behind this place; hits().size() when there is none.
    [[nodiscard]] std::size_t firstFrom(int line, std::uint32_t byte) const;

Q_SIGNALS:
    void changed();

protected:
    void timerEvent(QTimerEvent *event) override;

private:
    void restartFrom(int line);
    void searchSlice();
    void searchLine(int line);

    const LogDocument &m_document;
    std::string m_needle;
    bool m_foldsCase = true;
    int m_next = 0; // first line that was not searched yet
    std::vector<Hit> m_hits;
    QBasicTimer m_timer;
};

} // namespace faultline::models
