// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "lab_fixture.h"

namespace faultline::lab {

/// One request, and the form of its answer.
struct ContractCall
{
    std::string name; ///< also the name of the file for the schemas' check
    std::string method;
    std::string path;
    std::string body;
    int status = 200;
    std::string shape; ///< of json_shapes.h; empty: no body
};

/// A project in which there is one of everything: called once, with the lab running.
[[nodiscard]] bool makeScene(LabFixture &lab);

/// Every endpoint whose answer is JSON, in an order in which each finds what it needs.
[[nodiscard]] std::vector<ContractCall> contractCalls(const std::string &sha);

} // namespace faultline::lab
