// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/net/mailbox.h"

namespace faultline::ctl {

using net::Mailbox;

} // namespace faultline::ctl
