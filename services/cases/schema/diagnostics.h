// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/yaml/yaml_value.h"

#include <string>
#include <vector>

namespace faultline::cases {

/// One thing that is wrong, or doubtful, in a case file.
struct Diagnostic
{
    enum class Level { Error, Warning };

    Level level = Level::Error;
    std::string file;
    yaml::Place place;
    std::string rule; ///< stable name of the check, e.g. "unknown-key", "phases-exceed-timeout"
    std::string message; ///< one sentence
    std::string hint; ///< what to write instead; may be empty

    /// `file:line:column: error: message (hint) [rule]`, as compilers print it.
    [[nodiscard]] std::string text() const;
};

using Diagnostics = std::vector<Diagnostic>;

[[nodiscard]] bool hasErrors(const Diagnostics &diagnostics);

} // namespace faultline::cases
