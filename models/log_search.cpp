// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/log_search.h"

#include <QElapsedTimer>
#include <QTimerEvent>

#include <algorithm>

namespace faultline::models {

namespace {

constexpr int sliceMs = 3;
constexpr int linesBetweenLooks = 256;

char folded(char c)
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

} // namespace

LogSearch::LogSearch(const LogDocument &document, QObject *parent)
    : QObject(parent)
    , m_document(document)
{
    connect(&document, &LogDocument::grew, this, &LogSearch::restartFrom);
    connect(&document, &LogDocument::restarted, this, [this] { restartFrom(0); });
}

void LogSearch::setText(const QString &text)
{
    m_needle = text.toStdString();
    m_foldsCase = std::none_of(
        m_needle.begin(), m_needle.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
    restartFrom(0);
}

void LogSearch::restartFrom(int line)
{
    m_next = std::min(m_next, line);
    m_hits.resize(firstFrom(m_next, 0));
    if (!m_needle.empty())
        m_timer.start(0, this);
    Q_EMIT changed();
}

void LogSearch::timerEvent(QTimerEvent *event)
{
    if (event->timerId() == m_timer.timerId())
        searchSlice();
}

void LogSearch::searchSlice()
{
    QElapsedTimer clock;
    clock.start();
    const int count = m_document.lineCount();
    while (m_next < count && m_hits.size() < maxHits && clock.elapsed() < sliceMs) {
        const int end = std::min(count, m_next + linesBetweenLooks);
        for (; m_next < end; ++m_next)
            searchLine(m_next);
    }
    if (m_next >= count || m_hits.size() >= maxHits)
        m_timer.stop();
    Q_EMIT changed();
}

void LogSearch::searchLine(int line)
{
    const std::string_view text = m_document.line(line).text;
    const auto equal = [this](char a, char b) { return m_foldsCase ? folded(a) == b : a == b; };
    auto from = text.begin();
    while (m_hits.size() < maxHits) {
        const auto found = std::search(from, text.end(), m_needle.begin(), m_needle.end(), equal);
        if (found == text.end())
            return;
        m_hits.push_back({ line, static_cast<std::uint32_t>(found - text.begin()) });
        from = found + static_cast<std::ptrdiff_t>(m_needle.size());
    }
}

std::size_t LogSearch::firstFrom(int line, std::uint32_t byte) const
{
    const auto found = std::lower_bound(m_hits.begin(), m_hits.end(), std::pair(line, byte),
        [](const Hit &hit, const std::pair<int, std::uint32_t> &place) {
            return std::pair(hit.line, hit.byte) < place;
        });
    return static_cast<std::size_t>(found - m_hits.begin());
}

} // namespace faultline::models
