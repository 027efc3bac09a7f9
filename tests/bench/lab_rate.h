// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace faultline::bench {

/// Prints how many small GETs a second a running lab answers on 1 and on 8 connections that are
/// kept open.
void labRateRow(const std::string &url, const std::string &tokenFile);

} // namespace faultline::bench
