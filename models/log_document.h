// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/log_block.h"

#include <QByteArray>
#include <QList>
#include <QObject>

#include <memory>
#include <vector>

namespace faultline::models {

/// A section of a job log by its lines.
struct LogSection
{
    QString name;
    int firstLine = 0; ///< its header
    int endLine = -1; ///< one past its last line; -1 while open
    qint64 startedAt = 0; ///< Unix seconds
    qint64 endedAt = 0; ///< Unix seconds, 0 while open
    bool hidesDuration = false;
    bool isCollapsed = false;
};

/// The lines of one job log as it grows, fed with the bytes of session::JobLogTail. Chunks of more
/// than 64 KiB are parsed in the thread pool, in their order. UI thread.
class LogDocument : public QObject
{
    Q_OBJECT

public:
    static constexpr qsizetype inlineLimit = 64 * 1024;

    explicit LogDocument(QObject *parent = nullptr);
    ~LogDocument() override;

    void append(const QByteArray &bytes);
    /// Forgets everything; what follows is the log from its start.
    void restart();
    /// The log is complete.
    void finish();

    /// The line that still grows is the last one.
    [[nodiscard]] int lineCount() const;
    /// Its views live until the next signal of this document.
    [[nodiscard]] logs::LogLine line(int index) const;
    /// Lines that will not change any more.
    [[nodiscard]] int completeLines() const { return m_complete; }
    [[nodiscard]] const QList<LogSection> &sections() const { return m_sections; }
    /// The section whose header is this line; null when there is none.
    [[nodiscard]] const LogSection *sectionAt(int line) const;
    /// True once a line with a time was seen.
    [[nodiscard]] bool hasTimes() const { return m_hasTimes; }
    /// True when the whole log was taken.
    [[nodiscard]] bool isFinished() const { return m_isFinished; }
    [[nodiscard]] bool isParsing() const { return m_isParsing; }
    [[nodiscard]] qint64 bytes() const { return m_bytes; } ///< of text that is held

Q_SIGNALS:
    /// Lines from `first` on are new or grew; those before are as they were.
    void grew(int first);
    void restarted();

private:
    struct Work;
    class Task;
    struct Gate;

    void pump();
    void parseHere(const QByteArray &bytes, bool isLast);
    void parseInPool(const QByteArray &bytes, bool isLast);
    void take(std::unique_ptr<Work> work, int generation);
    void adopt(std::unique_ptr<LogBlock> block);
    void takeMarks(std::vector<LogBlock::Mark> &marks, int firstLine);
    void keepPending();

    struct Part
    {
        int firstLine = 0;
        std::unique_ptr<LogBlock> block;
    };
    std::vector<Part> m_parts;
    LogBlock m_pending; // no line, or the one that still grows
    int m_complete = 0;
    qint64 m_bytes = 0;
    QList<LogSection> m_sections;
    QList<QByteArray> m_waiting; // bytes behind those that are being parsed
    bool m_hasTimes = false;
    bool m_isFinished = false;
    bool m_isFinishing = false;
    bool m_isParsing = false;
    int m_generation = 0; // of restarts: an older task's result is dropped
    std::unique_ptr<logs::JobLogParser> m_parser; // with the task while one runs
    std::shared_ptr<Gate> m_gate;
};

} // namespace faultline::models
