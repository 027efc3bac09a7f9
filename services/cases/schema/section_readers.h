// SPDX-License-Identifier: GPL-3.0-or-later
// One reader per section of case.yaml; each reports what is wrong and leaves the rest at its
// default.
#pragma once

#include "services/cases/schema/map_reader.h"

namespace faultline::cases {

void readMetadata(MapReader &map, Metadata &out);
void readParameters(MapReader &caseMap, std::vector<Parameter> &out);
void readTopology(MapReader &map, Topology &out);
void readNeeds(MapReader &map, Needs &out);
void readWorkload(MapReader &map, Workload &out);
[[nodiscard]] Probe readProbe(
    const yaml::Value &value, const std::string &what, const Reporter &reporter);
void readProbes(MapReader &caseMap, std::string_view key, std::vector<Probe> &out);
void readPhases(MapReader &caseMap, std::vector<Phase> &out);
void readFaults(MapReader &caseMap, std::vector<FaultEntry> &out);
void readFaultPolicy(MapReader &map, FaultPolicy &out);
void readChecks(MapReader &caseMap, std::vector<Check> &out);
void readOnFinding(MapReader &caseMap, std::map<std::string, OnFinding> &out);
void readRetention(MapReader &map, CaseFile &out);
void readNotify(MapReader &caseMap, std::vector<Notify> &out);

} // namespace faultline::cases
