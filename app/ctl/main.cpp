// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/interrupt.h"
#include "app/ctl/program.h"
#include "app/ctl/workspace_connections.h"

#include <QCoreApplication>

#include <iostream>

#include <unistd.h>

namespace {

/// Scripts read standard error, and every line of it is ours: what Qt grumbles about itself (a
/// reply that failed twice, say) is shown to developers who ask for it.
void leaveOutQtsOwnWords(QtMsgType type, const QMessageLogContext &, const QString &text)
{
    if (type == QtFatalMsg || qEnvironmentVariableIsSet("FAULTLINE_QT_WARNINGS"))
        std::cerr << text.toStdString() << std::endl;
}

} // namespace

int main(int argc, char **argv)
{
    using namespace faultline::ctl;
    std::ios::sync_with_stdio(false);

    Program program(std::cout, std::cerr);
    if (const auto exitCode = program.parse({ argv + 1, argv + argc }))
        return *exitCode;

    const faultline::net::CancelToken token;
    const faultline::net::CancelToken hurry;
    const Interrupt interrupt(token, hurry, program.endsInOrder());
    qInstallMessageHandler(leaveOutQtsOwnWords);
    // GLib's event loop costs more at every event, which counts in a program that measures, and
    // nothing here needs it. What a run starts does not hear of that.
    const QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    qputenv("QT_NO_GLIB", "1");
    const QCoreApplication application(argc, argv);
    QString workspace = program.workspaceFile();
    if (workspace.isEmpty())
        workspace = environment.value(QStringLiteral("FAULTLINE_WORKSPACE"));
    WorkspaceConnections connections(workspace, program.tokenFile());
    return program.run({ connections, environment, token, std::chrono::seconds(2),
        isatty(STDOUT_FILENO) == 1, hurry });
}
