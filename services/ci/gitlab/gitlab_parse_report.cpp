// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/ci/gitlab/gitlab_fields.h"
#include "services/ci/gitlab/gitlab_parse_details.h"

namespace faultline::ci::gitlab {

namespace {

using json::name;
using json::Object;
using json::Value;

double seconds(Value &value)
{
    return value.type() == simdjson::ondemand::json_type::number ? value.get_double().value() : 0;
}

// One list of names for the whole, its suites and the summary's "total".
void takeCount(quint64 field, Value &value, domain::TestCounts &out)
{
    switch (field) {
    case name("total_time"):
    case name("time"):
        out.seconds = seconds(value);
        break;
    case name("total_count"):
    case name("count"):
        out.total = json::integer(value, 0);
        break;
    case name("success_count"):
    case name("success"):
        out.success = json::integer(value, 0);
        break;
    case name("failed_count"):
    case name("failed"):
        out.failed = json::integer(value, 0);
        break;
    case name("skipped_count"):
    case name("skipped"):
        out.skipped = json::integer(value, 0);
        break;
    case name("error_count"):
    case name("error"):
        out.error = json::integer(value, 0);
        break;
    default:
        break;
    }
}

void readCase(Object object, domain::TestCase &out)
{
    json::eachField(object, [&](quint64 field, Value &value) {
        if (field == name("status"))
            out.status = json::text(value);
        else if (field == name("name"))
            out.name = json::text(value);
        else if (field == name("classname"))
            out.className = json::text(value);
        else if (field == name("file"))
            out.file = json::text(value);
        else if (field == name("execution_time"))
            out.seconds = seconds(value);
        else if (field == name("system_output"))
            out.output = json::text(value);
        else if (field == name("stack_trace"))
            out.stackTrace = json::text(value);
    });
}

void readSuite(Object object, domain::TestSuite &out)
{
    json::eachField(object, [&](quint64 field, Value &value) {
        if (field == name("name")) {
            out.name = json::text(value);
        } else if (field == name("suite_error")) {
            out.error = json::text(value);
        } else if (field == name("test_cases")) {
            out.cases = listOf<domain::TestCase>(value, readCase);
        } else if (field == name("build_ids")) {
            for (const QString &id : json::texts(value))
                out.jobs += domain::JobId(id.toLongLong());
        } else {
            takeCount(field, value, out.counts);
        }
    });
}

void readReport(Object object, domain::TestReport &out)
{
    json::eachField(object, [&](quint64 field, Value &value) {
        if (field == name("test_suites"))
            out.suites = listOf<domain::TestSuite>(value, readSuite);
        else if (field == name("total"))
            eachFieldOf(
                value, [&](quint64 inner, Value &count) { takeCount(inner, count, out.counts); });
        else
            takeCount(field, value, out.counts);
    });
}

} // namespace

Parsed<domain::TestReport> parseTestReport(const QByteArray &json, const QString &where)
{
    return parseOneOf<domain::TestReport>(json, where, readReport);
}

} // namespace faultline::ci::gitlab
