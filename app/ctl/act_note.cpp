// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/act_note.h"

#include "app/ctl/text.h"
#include "services/runs/record/acts.h"
#include "services/runs/record/event_log.h"

#include <QFile>

namespace faultline::ctl {

void noteAct(Context &context, const QString &verb, const QString &id)
{
    const QString bundle = context.environment().value(QStringLiteral("FAULTLINE_BUNDLE"));
    if (bundle.isEmpty())
        return;
    const auto problem = runs::writeAct(QFile::encodeName(bundle).toStdString(),
        { verb.toStdString(), id.toStdString(), runs::Moment::now().wallMicros });
    if (problem)
        context.remark(Text::tr("The run will not know that this command was meant: %1.")
                           .arg(QString::fromStdString(*problem)));
}

} // namespace faultline::ctl
