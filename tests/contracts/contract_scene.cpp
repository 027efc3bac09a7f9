// SPDX-License-Identifier: GPL-3.0-or-later
#include "contract_scene.h"

#include <QTest>

namespace faultline::lab {

bool makeScene(LabFixture &lab)
{
    const bool pushed = lab.pushFiles({ { ".gitlab-ci.yml", R"(
stages: [build, test, more]
make:
  stage: build
  script:
    - mkdir -p out
    - echo made > out/file.txt
    - printf '<testsuite><testcase name="a" classname="c" time="1.5"/><testcase name="b" classname="c"><failure>no</failure></testcase></testsuite>' > report.xml
  artifacts: {paths: [out/], expire_in: 1 week, reports: {junit: report.xml}}
broken: {stage: test, script: exit 3, allow_failure: true, tags: [x]}
hand: {stage: test, script: echo by hand, when: manual, resource_group: rack}
child: {stage: more, trigger: {include: child.yml, strategy: depend}}
)" },
        { "child.yml", "below: {script: echo below}\n" } });
    return pushed && QTest::qWaitFor([&] { return lab.pipelineStatus(1) == "success"; }, 60'000);
}

std::vector<ContractCall> contractCalls(const std::string &sha)
{
    const std::string p = "/projects/1";
    return {
        { "user", "GET", "/user", "", 200, "user" },
        { "version", "GET", "/version", "", 200, "version" },
        { "metadata", "GET", "/metadata", "", 200, "metadata" },
        { "own_token", "GET", "/personal_access_tokens/self", "", 200, "own_token" },
        { "project", "GET", p, "", 200, "project" },
        { "branches", "GET", p + "/repository/branches", "", 200, "[branch]" },
        { "commit", "GET", p + "/repository/commits/" + sha, "", 200, "commit" },
        { "pipelines", "GET", p + "/pipelines", "", 200, "[pipeline_basic]" },
        { "pipelines_children", "GET", p + "/pipelines?source=parent_pipeline", "", 200,
            "[pipeline_basic]" },
        { "pipeline", "GET", p + "/pipelines/1", "", 200, "pipeline" },
        { "pipeline_latest", "GET", p + "/pipelines/latest", "", 200, "pipeline" },
        { "pipeline_create", "POST", p + "/pipeline",
            R"({"ref":"main","variables":[{"key":"A","value":"b"}]})", 201, "pipeline" },
        { "pipeline_variables", "GET", p + "/pipelines/3/variables", "", 200, "[variable]" },
        { "pipeline_trigger", "POST", p + "/trigger/pipeline",
            R"({"token":"glptt-test","ref":"main"})", 201, "pipeline" },
        { "pipeline_cancel", "POST", p + "/pipelines/3/cancel", "", 200, "pipeline" },
        { "pipeline_cancel_again", "POST", p + "/pipelines/4/cancel", "", 200, "pipeline" },
        { "pipeline_metadata", "PUT", p + "/pipelines/3/metadata", R"({"name":"named"})", 200,
            "pipeline" },
        { "pipeline_bad_ref", "POST", p + "/pipeline", R"({"ref":"none"})", 400, "message" },
        { "test_report", "GET", p + "/pipelines/1/test_report", "", 200, "test_report" },
        { "test_report_summary", "GET", p + "/pipelines/1/test_report_summary", "", 200,
            "test_report_summary" },
        { "bridges", "GET", p + "/pipelines/1/bridges", "", 200, "[bridge]" },
        { "pipeline_jobs", "GET", p + "/pipelines/1/jobs?include_retried=true", "", 200, "[job]" },
        { "jobs", "GET", p + "/jobs", "", 200, "[job]" },
        { "jobs_failed", "GET", p + "/jobs?scope[]=failed", "", 200, "[job]" },
        { "job", "GET", p + "/jobs/1", "", 200, "job" },
        { "job_retry", "POST", p + "/jobs/2/retry", "", 201, "job" },
        { "job_play", "POST", p + "/jobs/3/play", "", 200, "job" },
        { "job_cancel", "POST", p + "/jobs/3/cancel", "", 201, "job" },
        { "artifacts_keep", "POST", p + "/jobs/1/artifacts/keep", "", 201, "job" },
        { "artifacts_delete", "DELETE", p + "/jobs/1/artifacts", "", 204, "" },
        { "job_erase", "POST", p + "/jobs/1/erase", "", 201, "job" },
        { "job_missing", "GET", p + "/jobs/999999", "", 404, "message" },
        { "schedule_create", "POST", p + "/pipeline_schedules",
            R"({"description":"d","ref":"main","cron":"0 3 * * *","cron_timezone":"Europe/Berlin"})",
            201, "schedule_details" },
        { "schedule_variable", "POST", p + "/pipeline_schedules/1/variables",
            R"({"key":"K","value":"1"})", 201, "variable" },
        { "schedule_variable_put", "PUT", p + "/pipeline_schedules/1/variables/K",
            R"({"value":"2"})", 200, "variable" },
        { "schedule_put", "PUT", p + "/pipeline_schedules/1", R"({"active":false})", 200,
            "schedule_details" },
        { "schedules", "GET", p + "/pipeline_schedules?scope=inactive", "", 200, "[schedule]" },
        { "schedule_play", "POST", p + "/pipeline_schedules/1/play", "", 201, "message" },
        { "schedule_play_again", "POST", p + "/pipeline_schedules/1/play", "", 429, "message" },
        { "schedule_owner", "POST", p + "/pipeline_schedules/1/take_ownership", "", 200,
            "schedule_details" },
        { "schedule", "GET", p + "/pipeline_schedules/1", "", 200, "schedule_details" },
        { "schedule_pipelines", "GET", p + "/pipeline_schedules/1/pipelines", "", 200,
            "[pipeline_basic]" },
        { "schedule_variable_delete", "DELETE", p + "/pipeline_schedules/1/variables/K", "", 202,
            "variable" },
        { "schedule_delete", "DELETE", p + "/pipeline_schedules/1", "", 204, "" },
        { "trigger_create", "POST", p + "/triggers", R"({"description":"t"})", 201, "trigger" },
        { "triggers", "GET", p + "/triggers", "", 200, "[trigger]" },
        { "trigger", "GET", p + "/triggers/1", "", 200, "trigger" },
        { "trigger_put", "PUT", p + "/triggers/1", R"({"description":"u"})", 200, "trigger" },
        { "trigger_delete", "DELETE", p + "/triggers/1", "", 204, "" },
        { "runners", "GET", p + "/runners", "", 200, "[runner]" },
        { "runners_mine", "GET", "/runners?status=online", "", 200, "[runner]" },
        { "runner", "GET", "/runners/1", "", 200, "runner_details" },
        { "runner_put", "PUT", "/runners/1", R"({"description":"named"})", 200, "runner_details" },
        { "runner_managers", "GET", "/runners/1/managers", "", 200, "[runner_manager]" },
        { "runner_jobs", "GET", "/runners/1/jobs", "", 200, "[job]" },
        { "runner_register", "POST", "/user/runners",
            R"({"runner_type":"project_type","project_id":1})", 201, "registration" },
        { "status_create", "POST", p + "/statuses/" + sha,
            R"({"state":"running","name":"bench","ref":"main","pipeline_id":1})", 201,
            "commit_status" },
        { "status_again", "POST", p + "/statuses/" + sha,
            R"({"state":"running","name":"bench","ref":"main","pipeline_id":1})", 400, "message" },
        { "statuses", "GET", p + "/repository/commits/" + sha + "/statuses", "", 200,
            "[commit_status]" },
        { "release_create", "POST", p + "/releases",
            R"({"tag_name":"v1","ref":"main","assets":{"links":[{"name":"n","url":"http://127.0.0.1/x"}]}})",
            201, "release" },
        { "release_again", "POST", p + "/releases", R"({"tag_name":"v1","ref":"main"})", 409,
            "message" },
        { "releases", "GET", p + "/releases", "", 200, "[release]" },
        { "release", "GET", p + "/releases/v1", "", 200, "release" },
        { "link_create", "POST", p + "/releases/v1/assets/links",
            R"({"name":"two","url":"http://127.0.0.1/y","direct_asset_path":"/bin/y"})", 201,
            "release_link" },
        { "link_again", "POST", p + "/releases/v1/assets/links",
            R"({"name":"two","url":"http://127.0.0.1/z"})", 400, "message" },
        { "links", "GET", p + "/releases/v1/assets/links", "", 200, "[release_link]" },
        { "link", "GET", p + "/releases/v1/assets/links/1", "", 200, "release_link" },
        { "link_put", "PUT", p + "/releases/v1/assets/links/2", R"({"name":"second"})", 200,
            "release_link" },
        { "link_delete", "DELETE", p + "/releases/v1/assets/links/2", "", 200, "release_link" },
        { "release_put", "PUT", p + "/releases/v1", R"({"name":"One"})", 200, "release" },
        { "release_delete", "DELETE", p + "/releases/v1", "", 200, "release" },
        { "lint_post", "POST", p + "/ci/lint",
            R"({"content":"job: {script: [x]}","include_jobs":true})", 200, "lint" },
        { "lint_get", "GET", p + "/ci/lint?dry_run=true", "", 200, "lint" },
        { "hook_create", "POST", p + "/hooks", R"({"url":"http://127.0.0.1:9/","job_events":true})",
            201, "hook" },
        { "hooks", "GET", p + "/hooks", "", 200, "[hook]" },
        { "hook", "GET", p + "/hooks/1", "", 200, "hook" },
        { "hook_put", "PUT", p + "/hooks/1", R"({"pipeline_events":true})", 200, "hook" },
        { "hook_test", "POST", p + "/hooks/1/test/job_events", "", 201, "message" },
        { "hook_events", "GET", p + "/hooks/1/events", "", 200, "[hook_event]" },
        { "hook_delete", "DELETE", p + "/hooks/1", "", 204, "" },
        { "resource_group", "GET", p + "/resource_groups/rack", "", 200, "resource_group" },
        { "resource_group_put", "PUT", p + "/resource_groups/rack",
            R"({"process_mode":"oldest_first"})", 200, "resource_group" },
        { "resource_groups", "GET", p + "/resource_groups", "", 200, "[resource_group]" },
        { "resource_jobs", "GET", p + "/resource_groups/rack/upcoming_jobs", "", 200, "[job]" },
        { "pipeline_retry", "POST", p + "/pipelines/3/retry", "", 201, "pipeline" },
        { "pipeline_delete", "DELETE", p + "/pipelines/3", "", 204, "" },
        { "pipeline_gone", "GET", p + "/pipelines/3", "", 404, "message" },
    };
}

} // namespace faultline::lab
