// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/log_command.h"

#include "app/ctl/container_logs.h"
#include "app/ctl/mailbox.h"
#include "app/ctl/service_owned.h"
#include "app/ctl/stack_lookup.h"
#include "app/ctl/stack_path.h"
#include "app/ctl/text.h"

#include <CLI/CLI.hpp>

#include <variant>

namespace faultline::ctl {

namespace {

struct Restarted
{
};
struct Ended
{
};
using TraceNews = std::variant<QByteArray, Restarted, Ended, domain::Error>;
using TracePost = std::shared_ptr<Mailbox<TraceNews>>;

std::unique_ptr<ci::JobTrace> openTrace(
    ci::CiBackend &backend, domain::JobId id, const TracePost &post)
{
    auto trace = backend.openTrace(id);
    QObject::connect(trace.get(), &ci::JobTrace::appended, trace.get(),
        [post](const QByteArray &bytes) { post->put(bytes); });
    QObject::connect(
        trace.get(), &ci::JobTrace::restarted, trace.get(), [post] { post->put(Restarted()); });
    QObject::connect(
        trace.get(), &ci::JobTrace::ended, trace.get(), [post] { post->put(Ended()); });
    QObject::connect(trace.get(), &ci::JobTrace::failed, trace.get(),
        [post](const domain::Error &error) { post->put(error); });
    return trace;
}

/// Bytes as they are for pipes; for eyes (a terminal, or --plain) without what could harm or
/// confuse.
class TraceWriter
{
public:
    TraceWriter(Context &context, LogText::Options options, bool isCleaned)
        : m_context(context)
        , m_text(options)
        , m_isCleaned(isCleaned)
    {
    }

    void add(const QByteArray &bytes) { m_context.write(m_isCleaned ? m_text.add(bytes) : bytes); }
    void finish() { m_context.write(m_text.finish()); }

private:
    Context &m_context;
    LogText m_text;
    bool m_isCleaned;
};

domain::Result<void> followTrace(Context &context, domain::JobId id, TraceWriter &writer)
{
    const auto backend = context.connections().ci();
    if (!backend)
        return domain::failure(backend.error());
    const auto post = std::make_shared<Mailbox<TraceNews>>();
    const ServiceOwned<ci::JobTrace> trace(
        *backend, [&] { return openTrace(**backend, id, post); });
    while (context.hasReader()) {
        const auto news = post->take(context.remaining(), context.token());
        if (context.token().isCancelled())
            return domain::failure(domain::ErrorKind::Cancelled, Text::tr("Cancelled."));
        if (!news)
            return domain::failure(
                domain::ErrorKind::Timeout, Text::tr("The job did not end in time."));
        if (const auto *bytes = std::get_if<QByteArray>(&*news)) {
            writer.add(*bytes);
        } else if (std::holds_alternative<Restarted>(*news)) {
            writer.finish();
            context.remark(Text::tr("The server replaced the log; it follows from its start."));
        } else if (const auto *error = std::get_if<domain::Error>(&*news)) {
            if (!error->mayRetry)
                return domain::failure(*error);
        } else {
            break;
        }
    }
    writer.finish();
    return {};
}

} // namespace

QString LogCommand::name() const
{
    return QStringLiteral("log");
}

QString LogCommand::summary() const
{
    return Text::tr("Show the logs of a stack's containers, or of a CI job");
}

QString LogCommand::examples() const
{
    return Text::tr("Examples:\n"
                    "  faultlinectl log kv-crud/etcd --follow\n"
                    "  faultlinectl log kv-crud/etcd/etcd-1 --tail 100 --timestamps\n"
                    "  faultlinectl log --job 1234 --follow\n"
                    "  faultlinectl log --job 1234 --plain | grep passing\n"
                    "Into a file or pipe the bytes go as the server has them; on a terminal only "
                    "colours are kept of\n"
                    "the escape sequences, and --plain strips those, GitLab's line headers and "
                    "section markers too.\n"
                    "--output json has no effect: a log is text.");
}

void LogCommand::addOptions(CLI::App &app)
{
    auto *path = app.add_option("STACK[/SERVICE[/CONTAINER]]", m_path, "Whose logs");
    auto *job
        = app.add_option("--job", m_job, "The log of this CI job")->check(CLI::PositiveNumber);
    path->excludes(job);
    app.add_flag("-f,--follow", m_follow, "Go on as the log grows, until it ends");
    app.add_option("-n,--tail", m_tail, "Containers: this many of the last lines")
        ->capture_default_str()
        ->check(CLI::NonNegativeNumber);
    app.add_flag("-t,--timestamps", m_timestamps, "Show each line's time");
    app.add_flag("--plain", m_plain, "Text only: no colours, no line headers, no section markers");
}

std::chrono::milliseconds LogCommand::usualTimeout() const
{
    return m_follow ? std::chrono::hours(24 * 365)
                    : std::chrono::hours(0) + std::chrono::minutes(5);
}

domain::Result<int> LogCommand::execute(Context &context)
{
    if (m_path.empty() && m_job == 0)
        return domain::failure(
            domain::ErrorKind::Invalid, Text::tr("Name a stack, or a job with --job."));
    return m_job != 0 ? showJob(context) : showContainers(context);
}

domain::Result<int> LogCommand::showJob(Context &context)
{
    const domain::JobId id(m_job);
    TraceWriter writer(
        context, { !m_plain, true, m_timestamps }, m_plain || context.outIsTerminal());
    if (m_follow) {
        const auto followed = followTrace(context, id, writer);
        return followed ? domain::Result<int>(0) : domain::failure(followed.error());
    }
    const auto trace = context.askCi<QByteArray>(
        [id](ci::CiBackend &backend, auto done) { return backend.trace(id, std::move(done)); });
    if (!trace)
        return domain::failure(trace.error());
    writer.add(*trace);
    writer.finish();
    return 0;
}

domain::Result<QList<domain::Container>> LogCommand::chosen(Context &context) const
{
    const auto path = StackPath::parse(QString::fromStdString(m_path));
    if (!path)
        return domain::failure(path.error());
    const auto book = askBook(context);
    if (!book)
        return domain::failure(book.error());
    const auto stack = findStack(*book, path->stack);
    if (!stack)
        return domain::failure(stack.error());
    if (path->service.isEmpty())
        return book->containersOf(stack->id);
    if (!path->container.isEmpty()) {
        const auto container = findContainer(*book, *stack, path->container);
        if (!container)
            return domain::failure(container.error());
        return QList<domain::Container>{ *container };
    }
    const auto service = findService(*book, *stack, path->service);
    if (!service)
        return domain::failure(service.error());
    return book->containersOf(service->id);
}

domain::Result<int> LogCommand::showContainers(Context &context)
{
    const auto containers = chosen(context);
    if (!containers)
        return domain::failure(containers.error());
    if (containers->isEmpty()) {
        return domain::failure(domain::ErrorKind::NotFound,
            Text::tr("\"%1\" has no containers, so there is no log.")
                .arg(QString::fromStdString(m_path)));
    }
    const stacks::LogOptions options{ m_tail, m_follow, m_timestamps };
    const auto written = writeContainerLogs(context, *containers, options, m_plain);
    return written ? domain::Result<int>(0) : domain::failure(written.error());
}

} // namespace faultline::ctl
