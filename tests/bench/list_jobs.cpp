// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/ci/gitlab/gitlab_backend.h"

#include <QCoreApplication>

#include <cstdio>

/// Lists the jobs of a GitLab project with our client, as a process of its own for bench_clients:
/// list_jobs URL COUNT. Exit code 0 when it got exactly COUNT.
int main(int argc, char **argv)
{
    using namespace faultline;
    qputenv("QT_NO_GLIB", "1"); // as faultlinectl does
    QCoreApplication application(argc, argv);
    if (argc != 3)
        return 64;
    settings::GitLabSettings settings;
    settings.url = QUrl(QString::fromLocal8Bit(argv[1]));
    settings.project = QStringLiteral("1");
    const int wanted = QByteArray(argv[2]).toInt();
    ci::GitLabBackend backend(settings, "bench-token");
    int exitCode = 1;
    const net::Call call = backend.jobs(wanted, [&](domain::Result<QList<domain::Job>> jobs) {
        if (!jobs)
            std::fprintf(stderr, "%s\n", qPrintable(jobs.error().text()));
        exitCode = jobs && jobs->size() == wanted ? 0 : 1;
        QCoreApplication::quit();
    });
    QCoreApplication::exec();
    return exitCode;
}
