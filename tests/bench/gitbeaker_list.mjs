// SPDX-License-Identifier: GPL-3.0-or-later
// Lists all jobs as users of @gitbeaker/rest do. Usage: gitbeaker_list.mjs URL COUNT
import { Gitlab } from '@gitbeaker/rest';

const [host, count] = process.argv.slice(2);
const api = new Gitlab({ host, token: 't' });
const jobs = await api.Jobs.all(1, { pagination: 'keyset', orderBy: 'id', sort: 'desc', perPage: 100 });
process.exit(jobs.length === Number(count) ? 0 : 1);
