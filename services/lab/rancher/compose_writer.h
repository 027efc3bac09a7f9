// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/lab/rancher/records.h"

#include <string>
#include <vector>

namespace faultline::lab {

struct ExportedCompose
{
    std::string dockerCompose;
    std::string rancherCompose;
};

/// Compose files of what runs, as Rancher's exportconfig writes them: version '2', CRLF line ends,
/// every "$" doubled. Reading them again gives the same services.
[[nodiscard]] ExportedCompose exportedCompose(const std::vector<const ServiceRecord *> &services);

} // namespace faultline::lab
