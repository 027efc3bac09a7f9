// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/net/service_owned.h"

namespace faultline::ctl {

using net::ServiceOwned;

} // namespace faultline::ctl
