// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/scenes/log_fetch.h"

#include "services/scenes/secret_mask.h"

#include <QFile>
#include <QSemaphore>

#include <algorithm>
#include <atomic>

namespace faultline::scenes {

using Clock = std::chrono::steady_clock;

namespace {

constexpr int allLines = 100'000'000;
constexpr qint64 largestLog = 256 << 20;
constexpr qsizetype longestLine = 1 << 20; // a longer one is masked in pieces

/// One log on its way into a file; everything but the flags is touched on the backend's thread
/// only.
class Fetch
{
public:
    Fetch(const LogOrder &order, const std::vector<std::string> &secrets, QSemaphore &over)
        : m_container(order.container)
        , m_mask(secrets)
        , m_file(order.path)
        , m_over(over)
    {
        if (!m_file.open(QIODevice::WriteOnly))
            end(false);
    }

    void begin(stacks::StackBackend &backend)
    {
        if (m_isOver)
            return;
        stacks::LogOptions options;
        options.tailLines = allLines;
        options.follow = false;
        options.timestamps = true;
        m_log = backend.openLog(m_container, options);
        auto *log = m_log.get();
        QObject::connect(log, &stacks::ContainerLog::received, log,
            [this](stacks::LogChannel, const QByteArray &bytes) { take(bytes); });
        QObject::connect(log, &stacks::ContainerLog::ended, log, [this] {
            if (!m_isOver)
                end(write(m_rest, false) && m_file.flush());
        });
        QObject::connect(log, &stacks::ContainerLog::failed, log, [this] { end(false); });
    }

    void close()
    {
        if (!m_isOver)
            (void)write(m_rest, false);
        m_log.reset();
        m_file.close();
    }

    [[nodiscard]] bool isComplete() const { return m_isComplete; }

private:
    void end(bool isComplete)
    {
        if (m_isOver.exchange(true))
            return;
        m_isComplete = isComplete;
        m_over.release();
    }

    void take(const QByteArray &bytes)
    {
        if (m_isOver)
            return;
        m_size += bytes.size();
        if (m_size > largestLog) {
            end(false);
            return;
        }
        m_rest += bytes;
        qsizetype begin = 0;
        for (qsizetype end = m_rest.indexOf('\n'); end >= 0; end = m_rest.indexOf('\n', begin)) {
            if (!write(m_rest.mid(begin, end - begin), true)) {
                this->end(false);
                return;
            }
            begin = end + 1;
        }
        m_rest.remove(0, begin);
        if (m_rest.size() > longestLine) {
            if (!write(m_rest, false))
                end(false);
            m_rest.clear();
        }
    }

    [[nodiscard]] bool write(const QByteArray &line, bool hasEnd)
    {
        const std::string text
            = m_mask.masked({ line.constData(), static_cast<std::size_t>(line.size()) })
            + (hasEnd ? "\n" : "");
        return m_file.write(text.data(), static_cast<qint64>(text.size()))
            == static_cast<qint64>(text.size());
    }

    const domain::ContainerId m_container;
    SecretMask m_mask;
    QFile m_file;
    QSemaphore &m_over;
    std::unique_ptr<stacks::ContainerLog> m_log;
    QByteArray m_rest; // of a line whose end has not come yet
    qint64 m_size = 0;
    std::atomic<bool> m_isOver = false;
    std::atomic<bool> m_isComplete = false;
};

} // namespace

std::vector<bool> fetchLogs(stacks::StackBackend &backend, const std::vector<LogOrder> &orders,
    const std::vector<std::string> &secrets, std::chrono::milliseconds limit,
    const net::CancelToken &token)
{
    const auto deadline = Clock::now() + limit;
    QSemaphore over;
    std::vector<std::unique_ptr<Fetch>> fetches;
    QMetaObject::invokeMethod(
        &backend,
        [&] {
            for (const LogOrder &order : orders) {
                fetches.push_back(std::make_unique<Fetch>(order, secrets, over));
                fetches.back()->begin(backend);
            }
        },
        Qt::BlockingQueuedConnection);
    int left = static_cast<int>(fetches.size());
    while (left > 0 && Clock::now() < deadline && !token.isCancelled()) {
        if (over.tryAcquire(1, 50))
            --left;
    }
    std::vector<bool> out;
    QMetaObject::invokeMethod(
        &backend,
        [&] {
            for (const auto &fetch : fetches) {
                fetch->close();
                out.push_back(fetch->isComplete());
            }
        },
        Qt::BlockingQueuedConnection);
    return out;
}

} // namespace faultline::scenes
