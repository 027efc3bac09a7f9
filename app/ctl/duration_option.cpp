// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/duration_option.h"

#include "app/ctl/duration.h"

#include <CLI/CLI.hpp>

namespace faultline::ctl {

CLI::Option *addDurationOption(CLI::App &app, const std::string &names,
    std::optional<std::chrono::milliseconds> &value, const std::string &help)
{
    const auto read = [&value](const std::string &text) {
        value = parseDuration(QString::fromStdString(text));
        if (!value)
            throw CLI::ValidationError("\"" + text + "\" is not a duration such as 300s, 5m or 1h");
    };
    return app.add_option_function<std::string>(names, read, help)->type_name("DURATION");
}

} // namespace faultline::ctl
