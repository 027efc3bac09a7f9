// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/container_table.h"

#include "app/ctl/json_values.h"
#include "app/ctl/table.h"
#include "app/ctl/text.h"

namespace faultline::ctl {

QString containerTable(const StackBook &book, const QList<domain::Container> &containers)
{
    Table table({ Text::tr("CONTAINER"), Text::tr("STATE"), Text::tr("IMAGE"), Text::tr("ADDRESS"),
        Text::tr("HOST"), Text::tr("PORTS") });
    for (const domain::Container &container : containers) {
        table.add({ container.name, domain::shownState(container.life), container.image,
            container.primaryAddress, book.hostName(container.hostId),
            portsText(container.ports) });
    }
    return table.text();
}

} // namespace faultline::ctl
