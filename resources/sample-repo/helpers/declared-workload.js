'use strict';
// The workload of the declared etcd cases; `faultlinectl run` starts it and says through the environment where the
// cluster is. It writes through one role after another until it is told to end (SIGTERM), then reads back all that was
// acknowledged. Exit codes: 0 nothing is lost, 1 something is, 75 it could not be decided.
//   node helpers/declared-workload.js [--roles etcd-1,etcd-2] [--seconds N] [--lose-one]
const fs = require('node:fs');
const { Etcd } = require('./etcd');

const LOST = 1;
const GAVE_UP = 75;
const options = parse(process.argv.slice(2));
const acknowledged = new Map();
let isOver = false;
process.on('SIGTERM', () => { isOver = true; });

function parse(words) {
    const out = { roles: ['etcd-1', 'etcd-2', 'etcd-3'], seconds: 0, loseOne: false };
    for (let i = 0; i < words.length; ++i) {
        if (words[i] === '--roles') out.roles = words[++i].split(',');
        else if (words[i] === '--seconds') out.seconds = Number(words[++i]);
        else if (words[i] === '--lose-one') out.loseOne = true;
        else throw new Error(`what is ${words[i]}?`);
    }
    return out;
}

/** Addresses change when a container starts again, so the file is read each time. */
function members(timeoutMs = 2000) {
    const endpoints = JSON.parse(fs.readFileSync(process.env.FAULTLINE_ENDPOINTS, 'utf8'));
    return options.roles.flatMap((role) => endpoints[`${role}:2379`] ?? [])
        .map((address) => new Etcd(`http://${address}`, timeoutMs));
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function write(number) {
    const all = members();
    if (all.length === 0) return pause(50);
    const key = `writes/${String(number).padStart(8, '0')}`;
    try {
        await all[number % all.length].put(key, String(number));
        acknowledged.set(key, String(number));
    } catch {
        await pause(50); // not acknowledged: it may be there or not
    }
    return pause(5);
}

/** The keys that are there, from a member that answers linearizably; null when none does in time. */
async function present() {
    const deadline = Date.now() + 15_000;
    while (Date.now() < deadline) {
        for (const member of members(5000)) {
            try {
                return new Set(await member.keys('writes/'));
            } catch {
                // the next one
            }
        }
        await pause(200);
    }
    return null;
}

async function main() {
    const deadline = options.seconds > 0 ? Date.now() + options.seconds * 1000 : Infinity;
    let attempts = 0;
    while (!isOver && Date.now() < deadline) await write(attempts++);
    if (options.loseOne) {
        // A deliberate anomaly, to see what a failure looks like.
        const [victim] = acknowledged.keys();
        await members()[0].delete(victim);
        console.log(`deleted ${victim} behind the checker's back`);
    }
    console.log(`${attempts} writes, ${acknowledged.size} acknowledged`);
    const there = await present();
    if (there === null || acknowledged.size === 0) {
        console.log('gave up: there is nothing to judge by');
        return GAVE_UP;
    }
    const lost = [...acknowledged.keys()].filter((key) => !there.has(key));
    for (const key of lost.slice(0, 10)) console.log(`lost: ${key}`);
    console.log(`${there.size} keys are there, ${lost.length} acknowledged writes are lost`);
    return lost.length === 0 ? 0 : LOST;
}

main().then((code) => process.exit(code), (error) => {
    console.log(`gave up: ${error.stack}`);
    process.exit(GAVE_UP);
});
