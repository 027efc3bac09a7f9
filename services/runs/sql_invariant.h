// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/runs/record/finding.h"
#include "services/runs/run_state.h"
#include "services/runs/sql/sql_exchange.h"

namespace faultline::runs {

/// What one server said to the statement of an invariant.
struct SqlSaid
{
    std::string where; ///< container and address
    SqlEnd end;
};

/// One container of a target and where it can be asked.
struct SqlPlace
{
    std::string name; ///< of the container
    QString address; ///< empty while it can't be reached
    std::string target; ///< of the case
};

/// Every container of the targets of a sql.invariant.
[[nodiscard]] std::vector<SqlPlace> sqlPlaces(const RunState &state, const cases::Check &check);

/// sql.invariant at the end of a run: every container of every target has to answer what is
/// expected. One that can't answer yet is asked again until `with.within` (30 s without one) is
/// over; then the check gives up. On the flow thread.
[[nodiscard]] std::optional<Finding> checkSql(RunState &state, const cases::Check &check);

/// Judges what the servers said: a wrong answer outweighs one that is missing.
[[nodiscard]] std::optional<Finding> judgeSql(
    const cases::Check &check, const std::vector<SqlSaid> &said);

} // namespace faultline::runs
