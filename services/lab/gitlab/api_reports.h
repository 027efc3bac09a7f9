// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/lab/gitlab/api_call.h"

namespace faultline::lab {

/// GET …/pipelines/:id/test_report and test_report_summary, from the jobs' artifacts:reports:junit.
void addReportRoutes(ApiRoutes &routes);

} // namespace faultline::lab
