# SPDX-License-Identifier: GPL-3.0-or-later
# What users of python-gitlab do with pipelines. Usage: python_gitlab.py URL TOKEN TRIGGER_TOKEN
import sys
import time

import gitlab

url, token, trigger_token = sys.argv[1:4]


def check(holds, words):
    if not holds:
        sys.exit("not as expected: " + words)


def wait(condition, words):
    for _ in range(300):
        if condition():
            return
        time.sleep(0.2)
    sys.exit("never came: " + words)


server = gitlab.Gitlab(url, private_token=token)
server.auth()
check(server.user.username == "lab", "the user")
check(server.version()[0] != "unknown", "the version")
project = server.projects.get("faultline/sample")
check(project.id == 1 and project.path_with_namespace == "faultline/sample", "the project")

# Lists, filters and pages.
pipelines = project.pipelines.list(get_all=True)
check([p.id for p in pipelines] == [1], "one pipeline")
check(project.pipelines.list(status="failed") == [], "no failed pipeline")
check(project.pipelines.list(ref="main", order_by="updated_at", sort="asc")[0].id == 1, "ordered by update")
pipeline = project.pipelines.get(1)
check(pipeline.status == "success" and pipeline.detailed_status["group"] == "success", "its status")
check(pipeline.variables.list() == [], "no variables")
jobs = pipeline.jobs.list(get_all=True, per_page=2)
check([j.name for j in jobs] == ["hand", "soak: [b]", "soak: [a]", "make"], "jobs, newest first: %r" % [j.name for j in jobs])
keyset = project.jobs.list(iterator=True, per_page=1, pagination="keyset", order_by="id", sort="desc")
check([j.id for j in keyset] == [j.id for j in jobs], "the same by keyset pages")
check(len(project.jobs.list(scope=["manual", "success"], get_all=True)) == 4, "jobs by scope")
check(pipeline.bridges.list() == [], "no bridges")
check(pipeline.test_report.get().total_count == 0, "an empty test report")

# Logs and artifacts.
make = project.jobs.get(jobs[-1].id)
check(b"echo made" in make.trace(), "the log")
check(make.artifacts()[:2] == b"PK", "the artifacts' zip")
check(make.artifact("out/file.txt") == b"made\n", "one file of them")
check(project.artifacts.raw(ref_name="main", artifact_path="out/file.txt", job="make") == b"made\n", "one by ref")
check(project.artifacts.download(ref_name="main", job="make")[:2] == b"PK", "all by ref")
make.keep_artifacts()

# Doing things.
hand = project.jobs.get(jobs[0].id)
hand.play()
wait(lambda: project.jobs.get(hand.id).status == "success", "the job that was played")
again = project.jobs.get(hand.id).retry()
check(again["id"] != hand.id, "a retried job has a new id")
created = project.pipelines.create({"ref": "main", "variables": [{"key": "DEPTH", "value": "3"}]})
check(created.source == "api" and created.variables.list()[0].value == "3", "a pipeline with a variable")
created.cancel()
wait(lambda: project.pipelines.get(created.id).status == "canceled", "the canceled pipeline")
triggered = project.trigger_pipeline("main", trigger_token, variables={"WHO": "python"})
check(triggered.source == "trigger" and triggered.variables.list()[0].key == "WHO", "a triggered pipeline")
triggered.cancel()
created.delete()
try:
    project.pipelines.get(created.id)
    check(False, "a deleted pipeline is gone")
except gitlab.GitlabGetError as error:
    check(error.response_code == 404, "404 for what is gone")
try:
    project.pipelines.create({"ref": "nowhere"})
    check(False, "a pipeline of no ref")
except gitlab.GitlabCreateError as error:
    check(error.response_code == 400 and "Reference not found" in str(error), "the reason: %s" % error)

# Schedules, triggers, runners, releases, statuses, hooks, lint.
schedule = project.pipelineschedules.create({"ref": "main", "description": "nightly", "cron": "0 3 * * *"})
schedule.variables.create({"key": "K", "value": "1"})
check(project.pipelineschedules.get(schedule.id).attributes["variables"][0]["value"] == "1", "a schedule's variable")
made = f"/projects/1/pipeline_schedules/{schedule.id}/pipelines"
schedule.play()  # python-gitlab takes the answer for the schedule: it is read again below
wait(lambda: server.http_list(made, get_all=True), "the schedule's pipeline")
schedule = project.pipelineschedules.list(get_all=True)[0]
schedule.cron = "0 4 * * *"
schedule.save()
schedule.take_ownership()
schedule.delete()
trigger = project.triggers.create({"description": "from python"})
check(trigger.token.startswith("glptt-"), "a trigger's token")
trigger.delete()
runners = project.runners.list(get_all=True)
check(len(runners) == 2 and server.runners.get(runners[0].id).contacted_at, "runners with their contact")
check(server.runners.get(runners[0].id).jobs.list() is not None, "a runner's jobs")
release = project.releases.create({"tag_name": "v1", "ref": "main", "name": "One", "description": "First"})
check(project.releases.get("v1").description == "First" and len(project.releases.list()) == 1, "a release")
commit = project.commits.get(pipeline.sha)
commit.statuses.create({"state": "running", "name": "bench", "ref": "main"})
commit.statuses.create({"state": "success", "name": "bench", "ref": "main"})
check("bench" in [s.name for s in commit.statuses.list(get_all=True)], "a commit's status")
hook = project.hooks.create({"url": "http://127.0.0.1:9/", "job_events": True, "push_events": False})
check(project.hooks.get(hook.id).job_events, "a hook")
hook.delete()
check(project.ci_lint.create({"content": "job: {script: [x]}"}).valid, "a valid file")
check(not project.ci_lint.create({"content": "job: {}"}).valid, "a broken file")
print("all is as python-gitlab expects it")
