// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

#include <optional>

namespace faultline::ci::gitlab {

/// What is known of a growing job log without keeping it: its length, a hash of it and its last
/// bytes (facts: gitlab.md §3.4). Decides what an answer adds. No I/O.
class TraceProgress
{
public:
    /// What an answer means.
    struct Step
    {
        QByteArray added; ///< bytes behind what is known
        bool isReplaced = false; ///< what was known is not true any more; `added` is all there is
    };

    /// A whole log.
    [[nodiscard]] Step takeWhole(const QByteArray &body);
    /// A part that begins at rangeStart(); nothing when it doesn't fit to what is known: read the
    /// whole log then.
    [[nodiscard]] std::optional<Step> takePart(const QByteArray &body);

    [[nodiscard]] qint64 size() const { return m_size; }
    /// Where a part must begin: a little before the end, so that a log that was replaced is
    /// noticed.
    [[nodiscard]] qint64 rangeStart() const { return m_size - m_tail.size(); }

private:
    void append(QByteArrayView bytes);

    qint64 m_size = 0;
    quint64 m_hash = 14695981039346656037ULL;
    QByteArray m_tail;
};

} // namespace faultline::ci::gitlab
