// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

namespace faultline::agent {

/// One step of a fault, as it is told on standard output and to control clients.
struct Report
{
    std::string fault;
    std::string
        state; ///< injecting, in force, recovering, out, moot, leaked, did not bite, refused
    std::string mechanism;
    std::string detail;
    std::string undo; ///< the command to undo by hand
    nlohmann::json measured = nlohmann::json::object();
    std::optional<double> leaseLeft; ///< seconds

    /// One line of JSON with its newline, stamped with both clocks of now; at most 4096 bytes, so
    /// that a pipe takes it whole.
    [[nodiscard]] std::string line() const;
};

/// Writes a line to a descriptor that may be a pipe nobody reads: gives up after a moment rather
/// than holding up an undo.
void writeLine(int descriptor, const std::string &line);

} // namespace faultline::agent
