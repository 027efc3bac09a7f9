// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/run_labels.h"

#include <QStringList>

namespace faultline::ctl {

QMap<QString, QString> runLabels(const QString &stackName, const QProcessEnvironment &environment)
{
    struct Source
    {
        const char *label;
        QStringList variables;
    };
    const Source sources[] = {
        { "faultline.run", { QStringLiteral("FAULTLINE_RUN"), QStringLiteral("CI_JOB_ID") } },
        { "faultline.pipeline", { QStringLiteral("CI_PIPELINE_ID") } },
        { "faultline.job", { QStringLiteral("CI_JOB_ID") } },
        { "faultline.case", { QStringLiteral("FAULTLINE_CASE"), QStringLiteral("CI_JOB_NAME") } },
        { "faultline.owner",
            { QStringLiteral("FAULTLINE_OWNER"), QStringLiteral("GITLAB_USER_LOGIN") } },
        { "faultline.commit", { QStringLiteral("CI_COMMIT_SHA") } },
    };
    QMap<QString, QString> out;
    // What `faultlinectl run -- …` gives its script.
    const QStringList given
        = environment.value(QStringLiteral("FAULTLINE_LABELS")).split(u'\n', Qt::SkipEmptyParts);
    for (const QString &line : given) {
        const qsizetype mark = line.indexOf(u'=');
        if (mark > 0 && line.startsWith(QLatin1StringView("faultline.")))
            out.insert(line.left(mark), line.mid(mark + 1));
    }
    out.insert(QStringLiteral("faultline.stack"), stackName);
    for (const Source &source : sources) {
        if (out.contains(QLatin1StringView(source.label)))
            continue;
        for (const QString &variable : source.variables) {
            if (const QString value = environment.value(variable); !value.isEmpty()) {
                out.insert(QLatin1StringView(source.label), value);
                break;
            }
        }
    }
    return out;
}

} // namespace faultline::ctl
