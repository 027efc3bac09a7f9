// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/store/database.h"

namespace faultline::lab {

using store::Database;
using store::Statement;
using store::Stored;
using store::Transaction;

} // namespace faultline::lab
