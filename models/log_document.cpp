// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/log_document.h"

#include <QMutex>
#include <QMutexLocker>
#include <QRunnable>
#include <QThreadPool>

#include <algorithm>

namespace faultline::models {

namespace {

constexpr qsizetype taskSize = 1024 * 1024;

void parse(logs::JobLogParser &parser, const QByteArray &bytes, bool isLast, LogBlock &block)
{
    LogBlockWriter writer(block);
    parser.feed(
        std::string_view(bytes.constData(), static_cast<std::size_t>(bytes.size())), writer);
    if (isLast)
        parser.finish(writer);
}

} // namespace

/// What a task of the pool works on and brings back.
struct LogDocument::Work
{
    std::unique_ptr<logs::JobLogParser> parser;
    QByteArray bytes;
    bool isLast = false;
    std::unique_ptr<LogBlock> block = std::make_unique<LogBlock>();
};

/// Lets a task reach its document only while that exists.
struct LogDocument::Gate
{
    QMutex mutex;
    LogDocument *document = nullptr;
};

class LogDocument::Task : public QRunnable
{
public:
    Task(std::unique_ptr<Work> work, std::shared_ptr<Gate> gate, int generation)
        : m_work(std::move(work))
        , m_gate(std::move(gate))
        , m_generation(generation)
    {
    }
    void run() override
    {
        parse(*m_work->parser, m_work->bytes, m_work->isLast, *m_work->block);
        const QMutexLocker lock(&m_gate->mutex);
        LogDocument *document = m_gate->document;
        if (document == nullptr)
            return;
        auto work = std::make_shared<std::unique_ptr<Work>>(std::move(m_work));
        QMetaObject::invokeMethod(
            document,
            [document, work, generation = m_generation] {
                document->take(std::move(*work), generation);
            },
            Qt::QueuedConnection);
    }

private:
    std::unique_ptr<Work> m_work;
    std::shared_ptr<Gate> m_gate;
    int m_generation;
};

LogDocument::LogDocument(QObject *parent)
    : QObject(parent)
    , m_parser(std::make_unique<logs::JobLogParser>())
    , m_gate(std::make_shared<Gate>())
{
    m_gate->document = this;
}

LogDocument::~LogDocument()
{
    const QMutexLocker lock(&m_gate->mutex);
    m_gate->document = nullptr;
}

void LogDocument::append(const QByteArray &bytes)
{
    for (qsizetype at = 0; at < bytes.size(); at += taskSize)
        m_waiting.append(bytes.mid(at, taskSize));
    pump();
}

void LogDocument::finish()
{
    m_isFinishing = true;
    pump();
}

void LogDocument::restart()
{
    m_hasTimes = false;
    m_isFinished = false;
    ++m_generation;
    m_parts.clear();
    m_pending = {};
    m_complete = 0;
    m_bytes = 0;
    m_sections.clear();
    m_waiting.clear();
    m_isFinishing = false;
    m_isParsing = false;
    m_parser = std::make_unique<logs::JobLogParser>();
    Q_EMIT restarted();
}

void LogDocument::pump()
{
    while (!m_isParsing && (!m_waiting.isEmpty() || m_isFinishing)) {
        const QByteArray bytes = m_waiting.isEmpty() ? QByteArray() : m_waiting.takeFirst();
        const bool isLast = m_waiting.isEmpty() && m_isFinishing;
        if (isLast)
            m_isFinishing = false;
        if (bytes.size() <= inlineLimit)
            parseHere(bytes, isLast);
        else
            parseInPool(bytes, isLast);
    }
}

void LogDocument::parseHere(const QByteArray &bytes, bool isLast)
{
    if (m_parts.empty() || m_parts.back().block->isFull())
        m_parts.push_back({ m_complete, std::make_unique<LogBlock>() });
    const Part &part = m_parts.back();
    const int first = m_complete;
    const auto textBefore = static_cast<qint64>(part.block->text.size());
    parse(*m_parser, bytes, isLast, *part.block);
    m_complete = part.firstLine + static_cast<int>(part.block->lines.size());
    m_bytes += static_cast<qint64>(part.block->text.size()) - textBefore;
    takeMarks(part.block->marks, part.firstLine);
    keepPending();
    m_isFinished = m_isFinished || isLast;
    Q_EMIT grew(first);
}

void LogDocument::parseInPool(const QByteArray &bytes, bool isLast)
{
    auto work = std::make_unique<Work>();
    work->parser = std::move(m_parser);
    work->bytes = bytes;
    work->isLast = isLast;
    m_isParsing = true;
    QThreadPool::globalInstance()->start(new Task(std::move(work), m_gate, m_generation));
}

void LogDocument::take(std::unique_ptr<Work> work, int generation)
{
    if (generation != m_generation)
        return;
    m_isParsing = false;
    m_parser = std::move(work->parser);
    m_isFinished = m_isFinished || work->isLast;
    const int first = m_complete;
    adopt(std::move(work->block));
    keepPending();
    Q_EMIT grew(first);
    pump();
}

void LogDocument::adopt(std::unique_ptr<LogBlock> block)
{
    if (block->lines.empty() && block->marks.empty())
        return;
    block->text.shrink_to_fit();
    block->lines.shrink_to_fit();
    m_bytes += static_cast<qint64>(block->text.size());
    takeMarks(block->marks, m_complete);
    const int count = static_cast<int>(block->lines.size());
    m_parts.push_back({ m_complete, std::move(block) });
    m_complete += count;
}

void LogDocument::takeMarks(std::vector<LogBlock::Mark> &marks, int firstLine)
{
    for (const LogBlock::Mark &found : marks) {
        const int line = firstLine + found.line;
        const QString name = QString::fromStdString(found.mark.name);
        if (found.isStart) {
            m_sections.append({ name, line, -1, found.mark.unixTime, 0, found.mark.hidesDuration,
                found.mark.isCollapsed });
            continue;
        }
        const auto open = std::find_if(m_sections.rbegin(), m_sections.rend(),
            [&](const LogSection &section) { return section.endLine < 0 && section.name == name; });
        if (open != m_sections.rend()) {
            open->endLine = line;
            open->endedAt = found.mark.unixTime;
        }
    }
    marks.clear();
}

void LogDocument::keepPending()
{
    if (!m_hasTimes && m_complete > 0) // the first line decides for the whole log
        m_hasTimes = line(0).timeUs != logs::LogLine::noTime;
    m_pending = {};
    if (m_parser->hasPending())
        m_pending.append(m_parser->pending());
}

int LogDocument::lineCount() const
{
    return m_complete + static_cast<int>(m_pending.lines.size());
}

logs::LogLine LogDocument::line(int index) const
{
    if (index < 0 || index >= lineCount())
        return {};
    if (index >= m_complete)
        return m_pending.line(0);
    const auto after = std::upper_bound(m_parts.begin(), m_parts.end(), index,
        [](int wanted, const Part &part) { return wanted < part.firstLine; });
    const Part &part = *std::prev(after);
    return part.block->line(static_cast<std::size_t>(index - part.firstLine));
}

const LogSection *LogDocument::sectionAt(int line) const
{
    const auto found = std::lower_bound(m_sections.begin(), m_sections.end(), line,
        [](const LogSection &section, int wanted) { return section.firstLine < wanted; });
    if (found == m_sections.end() || found->firstLine != line)
        return nullptr;
    auto innermost = found;
    while (std::next(innermost) != m_sections.end() && std::next(innermost)->firstLine == line)
        ++innermost;
    return &*innermost;
}

} // namespace faultline::models
