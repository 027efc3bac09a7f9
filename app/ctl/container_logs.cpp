// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/container_logs.h"

#include "app/ctl/mailbox.h"
#include "app/ctl/service_owned.h"
#include "app/ctl/text.h"

#include <memory>
#include <variant>
#include <vector>

namespace faultline::ctl {

namespace {

struct Ended
{
};

struct News
{
    std::size_t source = 0;
    std::variant<QByteArray, Ended, domain::Error> what;
};

using Post = std::shared_ptr<Mailbox<News>>;

std::unique_ptr<stacks::ContainerLog> openLog(stacks::StackBackend &backend,
    const domain::ContainerId &id, const stacks::LogOptions &options, std::size_t source,
    const Post &post)
{
    auto log = backend.openLog(id, options);
    QObject::connect(log.get(), &stacks::ContainerLog::received, log.get(),
        [post, source](stacks::LogChannel, const QByteArray &bytes) {
            post->put({ source, bytes });
        });
    QObject::connect(log.get(), &stacks::ContainerLog::ended, log.get(), [post, source] {
        post->put({ source, Ended() });
    });
    QObject::connect(log.get(), &stacks::ContainerLog::failed, log.get(),
        [post, source](const domain::Error &error) {
            post->put({ source, error });
        });
    return log;
}

/// One container's lines: whole ones, with its name in front when there are several containers.
class LineSource
{
public:
    LineSource(QByteArray prefix, bool isCleaned, bool keepColours)
        : m_prefix(std::move(prefix))
        , m_isCleaned(isCleaned)
        , m_text({ keepColours, false, false })
    {
    }

    QByteArray add(const QByteArray &bytes)
    {
        return prefixed(m_isCleaned ? m_text.add(bytes) : bytes);
    }
    QByteArray finish()
    {
        QByteArray out = m_isCleaned ? m_text.finish() : QByteArray();
        if (!m_prefix.isEmpty())
            out += '\n';
        return m_rest.isEmpty() && out == "\n" ? QByteArray() : prefixed(out);
    }

private:
    QByteArray prefixed(const QByteArray &bytes)
    {
        if (m_prefix.isEmpty())
            return bytes;
        m_rest += bytes;
        QByteArray out;
        qsizetype end = 0;
        while ((end = m_rest.indexOf('\n')) >= 0) {
            out += m_prefix + m_rest.left(end + 1);
            m_rest.remove(0, end + 1);
        }
        return out;
    }

    QByteArray m_prefix;
    QByteArray m_rest;
    bool m_isCleaned;
    LogText m_text;
};

std::vector<LineSource> lineSources(
    const Context &context, const QList<domain::Container> &containers, bool isPlain)
{
    qsizetype width = 0;
    for (const domain::Container &container : containers)
        width = std::max(width, container.name.size());
    std::vector<LineSource> out;
    for (const domain::Container &container : containers) {
        const QByteArray prefix = containers.size() < 2
            ? QByteArray()
            : container.name.leftJustified(width).toUtf8() + " | ";
        out.emplace_back(prefix, isPlain || context.outIsTerminal(), !isPlain);
    }
    return out;
}

} // namespace

domain::Result<void> writeContainerLogs(Context &context,
    const QList<domain::Container> &containers, const stacks::LogOptions &options, bool isPlain)
{
    const auto backend = context.connections().stacks();
    if (!backend)
        return domain::failure(backend.error());

    const auto post = std::make_shared<Mailbox<News>>();
    auto lines = lineSources(context, containers, isPlain);
    std::vector<std::unique_ptr<ServiceOwned<stacks::ContainerLog>>> logs;
    for (const domain::Container &container : containers) {
        logs.push_back(std::make_unique<ServiceOwned<stacks::ContainerLog>>(
            *backend, [&, source = logs.size()] {
                return openLog(**backend, container.id, options, source, post);
            }));
    }
    std::size_t open = logs.size();
    domain::Result<void> result;
    while (open > 0 && context.hasReader()) {
        auto news = post->take(context.remaining(), context.token());
        if (context.token().isCancelled())
            return domain::failure(domain::ErrorKind::Cancelled, Text::tr("Cancelled."));
        if (!news)
            return domain::failure(
                domain::ErrorKind::Timeout, Text::tr("The log did not end in time."));
        LineSource &source = lines[news->source];
        if (const auto *bytes = std::get_if<QByteArray>(&news->what)) {
            context.write(source.add(*bytes));
            continue;
        }
        context.write(source.finish());
        --open;
        if (const auto *error = std::get_if<domain::Error>(&news->what))
            result = domain::failure(*error);
    }
    return result;
}

} // namespace faultline::ctl
