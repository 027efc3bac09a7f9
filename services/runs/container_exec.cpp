// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/runs/container_exec.h"

#include "services/runs/text.h"

namespace faultline::runs {

namespace {

constexpr qsizetype largestOutput = 64 << 10;
const QByteArray endMark = "\n__faultline_exit:";

/// The program is an argument of the script, so that nothing in its words is shell.
QStringList wrapped(const QStringList &words)
{
    return QStringList{ QStringLiteral("/bin/sh"), QStringLiteral("-c"),
        QStringLiteral("\"$@\" </dev/null 2>&1; printf '\\n__faultline_exit:%s\\n' \"$?\""),
        QStringLiteral("sh") }
    + words;
}

/// One command while it runs.
struct Execution
{
    std::unique_ptr<stacks::ContainerTerminal> terminal;
    QByteArray output;

    /// The terminal may be the one whose signal is being handled.
    void drop()
    {
        if (terminal)
            terminal.release()->deleteLater();
    }
};

} // namespace

std::optional<ExecEnd> parseExecOutput(const QByteArray &output)
{
    QByteArray plain = output;
    plain.replace("\r\n", "\n"); // a terminal's line ends
    const qsizetype mark = plain.lastIndexOf(endMark);
    const qsizetype begin = mark + endMark.size();
    const qsizetype end = mark < 0 ? -1 : plain.indexOf('\n', begin);
    bool isNumber = false;
    const int code = end < 0 ? 0 : plain.mid(begin, end - begin).toInt(&isNumber);
    if (!isNumber)
        return std::nullopt;
    return ExecEnd{ code, plain.left(mark) };
}

net::Call execute(stacks::StackBackend &backend, const domain::ContainerId &container,
    const QStringList &words, domain::Done<ExecEnd> done)
{
    const net::Promise<ExecEnd> promise(std::move(done));
    auto execution = std::make_shared<Execution>();
    execution->terminal = backend.openTerminal(container, { wrapped(words), true });
    auto *terminal = execution->terminal.get();
    if (terminal == nullptr) {
        promise.finishLater(&backend,
            domain::failure(domain::ErrorKind::Invalid,
                Text::tr("This orchestrator can't run a command inside a container.")));
        return promise.call();
    }
    promise.onCancel([execution] { execution->drop(); });
    const auto finish = [execution, promise](domain::Result<ExecEnd> result) {
        execution->drop();
        promise.finish(std::move(result));
    };
    QObject::connect(terminal, &stacks::ContainerTerminal::received, terminal,
        [execution, finish](const QByteArray &bytes) {
            execution->output += bytes;
            if (execution->output.size() > 2 * largestOutput) // its end is what matters
                execution->output.remove(0, execution->output.size() - largestOutput);
            if (const auto end = parseExecOutput(execution->output))
                finish(*end);
        });
    QObject::connect(terminal, &stacks::ContainerTerminal::ended, terminal, [finish] {
        finish(domain::failure(domain::ErrorKind::Server,
            Text::tr("The command's end was not told: its container may have ended.")));
    });
    QObject::connect(terminal, &stacks::ContainerTerminal::failed, terminal,
        [finish](const domain::Error &error) { finish(domain::failure(error)); });
    return promise.call();
}

} // namespace faultline::runs
