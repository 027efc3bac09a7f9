# SPDX-License-Identifier: GPL-3.0-or-later
# Checks answers of the lab (NAME.json) against GitLab's own schemas. Usage: validate.py SCHEMAS ANSWERS
# Exit code 77: the validator is not installed.
import json
import pathlib
import sys

try:
    import jsonschema
except ImportError:
    sys.exit(77)

schemas = pathlib.Path(sys.argv[1]).resolve()
answers = pathlib.Path(sys.argv[2])

# Of the answers, by name: the file of GitLab's own test fixtures, or the definition of its OpenAPI document.
FILES = {
    "pipelines": "public_api/v4/pipelines.json",
    "pipelines_children": "public_api/v4/pipelines.json",
    "schedule_pipelines": "public_api/v4/pipelines.json",
    **{name: "public_api/v4/pipeline/detail.json" for name in
       ["pipeline", "pipeline_latest", "pipeline_create", "pipeline_trigger", "pipeline_cancel",
        "pipeline_cancel_again", "pipeline_metadata", "pipeline_retry"]},
    **{name: "public_api/v4/job.json" for name in
       ["job", "job_retry", "job_play", "job_cancel", "job_erase", "artifacts_keep",
        "[]jobs", "[]jobs_failed", "[]pipeline_jobs"]},
    **{name: "pipeline_schedule.json" for name in ["schedule", "schedule_create", "schedule_put", "schedule_owner"]},
    "schedules": "pipeline_schedules.json",
    "[]runners": "public_api/v4/runner.json",
    "[]runner_managers": "public_api/v4/runner_manager.json",
    "commit": "public_api/v4/commit/basic.json",
    **{name: "public_api/v4/release.json" for name in ["release", "release_create", "release_put", "release_delete", "[]releases"]},
    "schedule_variable": "pipeline_schedule_variable.json",
}
DEFINITIONS = {
    **{name: "API_Entities_Ci_PipelineWithMetadata" for name in ["pipeline", "pipeline_latest", "pipeline_create"]},
    "[]pipelines": "API_Entities_Ci_PipelineBasic",
    **{name: "API_Entities_Ci_Job" for name in ["job", "[]jobs", "[]pipeline_jobs", "job_retry"]},
    "[]bridges": "API_Entities_Ci_Bridge",
    "[]pipeline_variables": "API_Entities_Ci_Variable",
    "schedule": "API_Entities_Ci_PipelineScheduleDetails",
    "[]schedules": "API_Entities_Ci_PipelineSchedule",
    "trigger": "API_Entities_Trigger",
    "[]triggers": "API_Entities_Trigger",
    "[]runners": "API_Entities_Ci_Runner",
    "[]runners_mine": "API_Entities_Ci_Runner",
    "runner": "API_Entities_Ci_RunnerDetails",
    "runner_put": "API_Entities_Ci_RunnerDetails",
    "[]runner_managers": "API_Entities_Ci_RunnerManager",
    "[]runner_jobs": "API_Entities_Ci_JobBasicWithProject",
    "runner_register": "API_Entities_Ci_RunnerRegistrationDetails",
    "status_create": "API_Entities_CommitStatus",
    "[]statuses": "API_Entities_CommitStatus",
    "release": "API_Entities_Release",
    "lint_post": "API_Entities_Ci_Lint_Result",
    "lint_get": "API_Entities_Ci_Lint_Result",
    "hook": "API_Entities_ProjectHook",
    "[]hooks": "API_Entities_ProjectHook",
    "metadata": "API_Entities_Metadata",
    "version": "API_Entities_Metadata",
    "own_token": "API_Entities_PersonalAccessTokenWithLastUsedIps",
    "test_report": "TestReportEntity",
    "test_report_summary": "TestReportSummaryEntity",
    **{name: "API_Entities_Ci_ResourceGroup" for name in ["resource_group", "resource_group_put", "[]resource_groups"]},
    **{name: "API_Entities_Releases_Link" for name in ["link", "link_create", "link_put", "[]links"]},
}
# Known errors of the schemas, from the notes that come with them and from what real servers answer:
# fields whose type is plainly wrong there (booleans and lists that are called texts, ids that are called texts, …).
WRONG_FIELDS = {
    "API_Entities_Ci_RunnerDetails": ["tag_list", "run_untagged", "locked", "maximum_timeout", "projects", "groups"],
    "API_Entities_Ci_RunnerRegistrationDetails": ["id"],
    "API_Entities_ProjectHook": ["id", "project_id"],
    "API_Entities_Ci_PipelineSchedule": ["inputs"],
    "API_Entities_Ci_PipelineScheduleDetails": ["inputs", "variables"],
    "API_Entities_Release": ["assets", "evidences", "milestones"],
    "API_Entities_Ci_Pipeline": ["coverage"],
    "API_Entities_Ci_PipelineWithMetadata": ["coverage"],
    "API_Entities_User": ["bot"],
    # its ci_job_token_scope_enabled is called a text
    **{name: ["project"] for name in ["API_Entities_Ci_Job", "API_Entities_Ci_JobBasic", "API_Entities_Ci_Bridge"]},
}
# Files that are older than the answers: they forbid what newer servers add.
CLOSED_TOO_EARLY = {"public_api/v4/runner.json", "public_api/v4/job.json", "public_api/v4/runner_manager.json",
                    "pipeline_schedule.json", "public_api/v4/release.json", "pipeline_schedule_variable.json",
                    "release/link.json"}
TYPES = {"date": "string", "uri": "string", "date-time": "string"}


def corrected(node):
    """Types that are none in JSON Schema become texts; `null` where only an avatar is missing."""
    if isinstance(node, list):
        return [corrected(item) for item in node]
    if not isinstance(node, dict):
        return node
    out = {key: corrected(value) for key, value in node.items()}
    kind = out.get("type")
    if isinstance(kind, str) and kind in TYPES:
        out["type"] = [TYPES[kind], "null"] if kind == "uri" else TYPES[kind]
    if isinstance(kind, list):
        out["type"] = [TYPES.get(each, each) for each in kind]
    return out


def loaded(path):
    schema = corrected(json.loads(path.read_text()))
    if str(path.relative_to(schemas)) in CLOSED_TOO_EARLY:
        open_up(schema)
    return schema


def open_up(node):
    if isinstance(node, dict):
        node.pop("additionalProperties", None)
        for value in node.values():
            open_up(value)
    elif isinstance(node, list):
        for value in node:
            open_up(value)


def load_uri(uri):
    return loaded(pathlib.Path(uri[len("file://"):]))


def errors_of(answer, schema, base, document):
    resolver = jsonschema.RefResolver(base, document, handlers={"file": load_uri})
    validator = jsonschema.Draft7Validator(schema, resolver=resolver)
    return ["%s: %s" % ("/".join(map(str, error.absolute_path)), error.message[:300])
            for error in validator.iter_errors(answer)]


def check(name, find_schema):
    plain = name.removeprefix("[]")
    answer = json.loads((answers / (plain + ".json")).read_text())
    schema, base, document = find_schema()
    items = answer if name.startswith("[]") else [answer]
    if name.startswith("[]") and not items:
        return ["the list is empty: nothing was checked"]
    return [error for item in items for error in errors_of(item, schema, base, document)]


bundle = json.loads((schemas / "ci_entities.draft7.json").read_text())
for entity, fields in WRONG_FIELDS.items():
    for field in fields:
        bundle["definitions"].get(entity, {}).get("properties", {}).pop(field, None)


def from_file(name):
    path = schemas / name
    schema = loaded(path)
    return schema, path.as_uri(), schema


def from_bundle(name):
    return bundle["definitions"][name], "bundle.json", bundle


failures = []
for name, file in FILES.items():
    failures += ["%s against %s: %s" % (name, file, e) for e in check(name, lambda: from_file(file))]
for name, entity in DEFINITIONS.items():
    failures += ["%s against %s: %s" % (name, entity, e) for e in check(name, lambda: from_bundle(entity))]
checked = {name.removeprefix("[]") for name in [*FILES, *DEFINITIONS]}
without = sorted(path.stem for path in answers.glob("*.json") if path.stem not in checked and path.stat().st_size > 0)
print("\n".join(sorted(set(failures))))
print("%d answers fit GitLab's schemas; no schema for: %s" % (len(checked), ", ".join(without)))
sys.exit(1 if failures else 0)
