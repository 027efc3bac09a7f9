// SPDX-License-Identifier: GPL-3.0-or-later
// Reads case.yaml, lints what could be read and plans what lint lets pass; reads the same bytes as
// suites.yaml.
#include "services/cases/lint/lint.h"
#include "services/cases/plan/plan.h"
#include "services/cases/schema/case_reader.h"
#include "services/cases/suites.h"
#include "tests/fuzz/fuzz_input.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *bytes, std::size_t size)
{
    using namespace faultline;
    const std::string_view text = fuzz::textOf(bytes, size);
    const cases::ReadCases read
        = cases::readCases(std::string(text), "case.yaml", { { "seconds", "5s" } });
    for (const cases::Diagnostic &diagnostic : read.diagnostics)
        fuzz::hold(!diagnostic.rule.empty() && !diagnostic.text().empty(),
            "a finding has a rule and words");
    for (const cases::CaseFile &one : read.cases) {
        const cases::Diagnostics found = cases::lint(one, { "2026-01-02", { { "etcd", 3 } } });
        if (cases::hasErrors(read.diagnostics) || cases::hasErrors(found))
            continue;
        const std::string plan = cases::planJson(cases::makePlan(one, 7, { { "etcd", 3 } }));
        fuzz::hold(plan == cases::planJson(cases::makePlan(one, 7, { { "etcd", 3 } })),
            "a seed gives one plan");
    }
    (void)cases::parseSuites(fuzz::bytesOf(text), QStringLiteral("suites.yaml"));
    return 0;
}
