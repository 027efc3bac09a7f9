// SPDX-License-Identifier: GPL-3.0-or-later
// What users of @gitbeaker/rest do with pipelines. Usage: gitbeaker.mjs URL TOKEN TRIGGER_TOKEN
import { Gitlab } from '@gitbeaker/rest';

const [host, token, triggerToken] = process.argv.slice(2);
const api = new Gitlab({ host, token });
const project = 'faultline/sample';

function check(holds, words) {
    if (!holds) {
        console.error(`not as expected: ${words}`);
        process.exit(1);
    }
}

async function wait(condition, words) {
    for (let i = 0; i < 300; ++i) {
        if (await condition()) return;
        await new Promise((resolve) => setTimeout(resolve, 200));
    }
    check(false, `never came: ${words}`);
}

check((await api.Users.showCurrentUser()).username === 'lab', 'the user');
check((await api.Projects.show(project)).id === 1, 'the project');

const pipelines = await api.Pipelines.all(project);
check(pipelines.some((p) => p.id === 1), 'the first pipeline');
check((await api.Pipelines.all(project, { status: 'scheduled' })).length === 0, 'no scheduled pipeline');
check((await api.Pipelines.show(project, 1)).status === 'success', 'its status');
const jobs = await api.Jobs.all(project, { pipelineId: 1, perPage: 2 });
check(jobs.some((j) => j.name === 'soak: [a]'), 'the jobs of a pipeline');
const every = await api.Jobs.all(project, { pagination: 'keyset', perPage: 2 });
check(new Set(every.map((j) => j.id)).size >= 4, 'all jobs by keyset pages');
const make = jobs.find((j) => j.name === 'make');
check((await api.Jobs.showLog(project, make.id)).includes('echo made'), 'the log');
const zip = await api.JobArtifacts.downloadArchive(project, { jobId: make.id });
check(zip.size > 20, 'the artifacts');
check((await api.Pipelines.allVariables(project, 1)).length === 0, 'no variables');
check((await api.Pipelines.showTestReport(project, 1)).total_count === 0, 'an empty test report');

const created = await api.Pipelines.create(project, 'main', { variables: [{ key: 'DEPTH', value: '3' }] });
check(created.source === 'api', 'a pipeline');
check((await api.Pipelines.allVariables(project, created.id))[0].value === '3', 'its variable');
await api.Pipelines.cancel(project, created.id);
await wait(async () => (await api.Pipelines.show(project, created.id)).status === 'canceled', 'the cancel');
await api.Pipelines.retry(project, created.id);
await wait(async () => (await api.Pipelines.show(project, created.id)).status === 'success', 'the retry');
const triggered = await api.PipelineTriggerTokens.trigger(project, 'main', triggerToken, { variables: { WHO: 'node' } });
check(triggered.source === 'trigger', 'a triggered pipeline');
check((await api.Pipelines.allVariables(project, triggered.id))[0].value === 'node', 'its variable');
await api.Pipelines.cancel(project, triggered.id);

const schedule = await api.PipelineSchedules.create(project, 'nightly', 'main', '0 3 * * *', { cronTimezone: 'Europe/Berlin' });
check(schedule.cron_timezone === 'Europe/Berlin' && schedule.next_run_at, 'a schedule');
await api.PipelineScheduleVariables.create(project, schedule.id, 'K', '1');
check((await api.PipelineSchedules.show(project, schedule.id)).variables.length === 1, 'its variable');
await api.PipelineSchedules.remove(project, schedule.id);
check((await api.Runners.all({ projectId: project })).length >= 1, 'the runners');
check((await api.Lint.lint(project, 'job: {script: [x]}')).valid, 'a valid file');
const status = await api.Commits.editStatus(project, created.sha, 'success', { name: 'node', ref: 'main' });
check(status.status === 'success' && status.name === 'node', 'a status of a commit');
const refused = await api.Pipelines.show(project, 999999).then(() => null, (error) => error);
check(refused?.cause?.response?.status === 404, '404 for what is not there');
console.log('all is as gitbeaker expects it');
