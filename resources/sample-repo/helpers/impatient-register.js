'use strict';
// Clients of one register that don't wait: each round writes from many of them at once, takes every answer for lost, and
// then reads. All of it happens as the history says, and hardly any checker can tell: any order of the writes may be it.
// The first client of a round is the slowest, so that the value that is read is the least likely one in a search that
// follows the order of the requests.
const fs = require('node:fs');
const { Etcd } = require('./etcd');

const ROUNDS = 3;
const CLIENTS = 40;
const KEY = 'register';
const history = fs.openSync(process.env.FAULTLINE_HISTORY, 'a');
let lastProcess = 0;

function record(process_, type, f, value) {
    fs.writeSync(history, `${JSON.stringify({ process: process_, type, f, key: KEY, value })}\n`);
}

function member(number) {
    const endpoints = JSON.parse(fs.readFileSync(process.env.FAULTLINE_ENDPOINTS, 'utf8'));
    const all = ['etcd-1', 'etcd-2', 'etcd-3'].flatMap((role) => endpoints[`${role}:2379`] ?? []);
    return new Etcd(`http://${all[number % all.length]}`, 5000);
}

/** A process whose operation's end is not known never does another: each client of each round is a new one. */
async function round(number) {
    const writes = [];
    for (let i = 0; i < CLIENTS; ++i) {
        const value = number * 1000 + i;
        record(++lastProcess, 'invoke', 'write', value);
        writes.push({ process: lastProcess, value });
    }
    for (const { process: process_, value } of writes) record(process_, 'info', 'write', value);
    const [slow, ...others] = writes;
    await Promise.all(others.map(({ value }, i) => member(i).put(KEY, String(value))));
    await member(0).put(KEY, String(slow.value));
    record(++lastProcess, 'invoke', 'read', null);
    const seen = Number(await member(1).get(KEY));
    record(lastProcess, 'ok', 'read', seen);
    console.log(`round ${number}: ${CLIENTS} writes that nobody waited for, then ${seen} was read`);
}

async function main() {
    for (let number = 1; number <= ROUNDS; ++number) await round(number);
}

main().catch((error) => {
    console.log(error.stack);
    process.exit(1);
});
