// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/agent/frame/order.h"

#include "services/agent/frame/arguments.h"

namespace faultline::agent {

Outcome<Order> readOrder(std::string_view line)
{
    constexpr Range seconds{ 0.05, 30.0 * 86400 };
    const nlohmann::json document = parseBounded(line);
    if (!document.is_object() || document.size() != 1)
        return refused(Refusal::BadSpec, "An order is a JSON object with one member");
    Arguments root(document, "");
    Order order;
    if (root.has("renew"))
        order = { Order::Verb::Renew, root.number("renew", seconds), false };
    else if (root.has("extend"))
        order = { Order::Verb::Extend, root.number("extend", seconds), false };
    else if (root.has("hold"))
        order = { Order::Verb::Hold, root.number("hold", seconds), false };
    else if (document.value("stop", nlohmann::json()) == true)
        order = { Order::Verb::Stop, 0, false };
    else if (document.value("stop", nlohmann::json()) == "linger")
        order = { Order::Verb::Stop, 0, true };
    else if (root.has("state") && root.flag("state", false))
        order = { Order::Verb::State, 0, false };
    else
        root.complain(
            document.begin().key(), "is no order: renew, extend, hold, stop and state are");
    if (const auto &problem = root.problem())
        return tl::make_unexpected(*problem);
    return order;
}

} // namespace faultline::agent
