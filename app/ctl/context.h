// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/connections.h"
#include "services/net/across_threads.h"

#include <QJsonObject>
#include <QProcessEnvironment>

#include <chrono>
#include <ostream>

namespace faultline::ctl {

enum class OutputFormat { Table, Json };

/// Everything a command may touch, handed in. Used on the command's worker thread.
class Context
{
public:
    struct Parts
    {
        std::ostream &out;
        std::ostream &err;
        Connections &connections;
        QProcessEnvironment environment;
        OutputFormat format = OutputFormat::Table;
        net::CancelToken token;
        net::CancelToken hurry; ///< cancelled by the second signal
        std::chrono::steady_clock::time_point deadline;
        std::chrono::milliseconds pollInterval{
            2'000
        }; ///< between two looks at something that is awaited
        bool outIsTerminal = false;
    };
    explicit Context(Parts parts);

    /// A result for people or scripts; made printable and written at once.
    void print(const QString &text);
    void print(const QJsonObject &object);
    /// Bytes of a log, as they are.
    void write(const QByteArray &bytes);
    /// Progress of something awaited: standard output, or standard error while that carries JSON.
    void progress(const QString &line);
    /// A remark beside the result, on standard error.
    void remark(const QString &line);
    /// False once the reader of standard output has left ("| head").
    [[nodiscard]] bool hasReader() const { return m_parts.out.good(); }

    [[nodiscard]] bool isJson() const { return m_parts.format == OutputFormat::Json; }
    [[nodiscard]] bool outIsTerminal() const { return m_parts.outIsTerminal; }
    [[nodiscard]] const QProcessEnvironment &environment() const { return m_parts.environment; }
    [[nodiscard]] Connections &connections() { return m_parts.connections; }
    [[nodiscard]] const net::CancelToken &token() const { return m_parts.token; }
    /// Cancelled by the second Ctrl-C, for commands that end in order.
    [[nodiscard]] const net::CancelToken &hurry() const { return m_parts.hurry; }
    [[nodiscard]] std::chrono::milliseconds pollInterval() const { return m_parts.pollInterval; }

    /// Time left for the whole command, never negative.
    [[nodiscard]] std::chrono::milliseconds remaining() const;

    /// Lets some time pass, at most what is left; ErrorKind::Cancelled on a cancel.
    [[nodiscard]] domain::Result<void> pause(std::chrono::milliseconds time) const;

    /// Runs a verb on the service thread and waits for its answer, the deadline or a cancel. The
    /// verb must hold values, not references: it may start after this returned.
    template <typename T>
    [[nodiscard]] domain::Result<T> askStacks(
        std::function<net::Call(stacks::StackBackend &, domain::Done<T>)> verb)
    {
        const auto backend = m_parts.connections.stacks();
        if (!backend)
            return domain::failure(backend.error());
        return ask<T, stacks::StackBackend>(*backend, std::move(verb), remaining());
    }
    template <typename T>
    [[nodiscard]] domain::Result<T> askCi(
        std::function<net::Call(ci::CiBackend &, domain::Done<T>)> verb)
    {
        const auto backend = m_parts.connections.ci();
        if (!backend)
            return domain::failure(backend.error());
        return ask<T, ci::CiBackend>(*backend, std::move(verb), remaining());
    }

private:
    template <typename T, typename Backend>
    [[nodiscard]] domain::Result<T> ask(Backend *backend,
        std::function<net::Call(Backend &, domain::Done<T>)> verb, std::chrono::milliseconds limit)
    {
        return net::waitFor<T>(
            backend,
            [backend, verb = std::move(verb)](
                domain::Done<T> done) { return verb(*backend, std::move(done)); },
            limit, m_parts.token);
    }

    Parts m_parts;
};

} // namespace faultline::ctl
