'use strict';
// The workload of the bank cases: several clients move money between accounts, each through one server after another, until they
// are told to end (SIGTERM). Whether money was lost or made is for the case's invariant to say. Exit codes: 0, or 75 when no transfer
// was ever acknowledged.
//   node helpers/bank.js --services a,b --port 3306 --user bank --database bank [--clients 4] [--make-money N]
const fs = require('node:fs');
const { parseArgs } = require('node:util');
const { Connection } = require('./mysql');

const GAVE_UP = 75;
const { values: options } = parseArgs({
    options: {
        services: { type: 'string' },
        port: { type: 'string' },
        user: { type: 'string' },
        database: { type: 'string' },
        clients: { type: 'string', default: '4' },
        'make-money': { type: 'string', default: '0' },
    },
});
const accounts = 10;
const counts = { done: 0, refused: 0, unknown: 0 };
const reasons = new Map();
let isOver = false;
process.on('SIGTERM', () => { isOver = true; });

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const anyOf = (list) => list[Math.floor(Math.random() * list.length)];

/** Addresses change when a container starts again, so the file is read each time. */
function servers() {
    const endpoints = JSON.parse(fs.readFileSync(process.env.FAULTLINE_ENDPOINTS, 'utf8'));
    return options.services.split(',').flatMap((service) => endpoints[`${service}:${options.port}`] ?? []);
}

async function transfer(connection) {
    const from = 1 + Math.floor(Math.random() * accounts);
    const to = 1 + (from + Math.floor(Math.random() * (accounts - 1))) % accounts;
    const amount = 1 + Math.floor(Math.random() * 20);
    await connection.query('START TRANSACTION');
    const [[balance]] = await connection.query(`SELECT balance FROM accounts WHERE id = ${from} FOR UPDATE`);
    if (Number(balance) < amount) {
        await connection.query('ROLLBACK');
        return false;
    }
    await connection.query(`UPDATE accounts SET balance = balance - ${amount} WHERE id = ${from}`);
    await connection.query(`UPDATE accounts SET balance = balance + ${amount} WHERE id = ${to}`);
    await connection.query('COMMIT');
    return true;
}

/** One client: a connection until it breaks, then one to another server. */
async function client() {
    let connection = null;
    while (!isOver) {
        try {
            connection ??= await Connection.open(anyOf(servers()) ?? '127.0.0.1:1', options);
            counts[await transfer(connection) ? 'done' : 'refused'] += 1;
        } catch (error) {
            // A transfer whose COMMIT was not answered may have happened or not; either way the sum stays.
            counts.unknown += 1;
            reasons.set(error.message, (reasons.get(error.message) ?? 0) + 1);
            connection?.drop();
            connection = null;
            await pause(50);
        }
    }
    connection?.close();
}

/** A deliberate anomaly, to see what a failure looks like. */
async function makeMoney(amount) {
    while (counts.done < 10 && !isOver) await pause(50);
    for (;;) {
        try {
            const connection = await Connection.open(anyOf(servers()), options);
            await connection.query(`UPDATE accounts SET balance = balance + ${amount} WHERE id = 1`);
            connection.close();
            console.log(`made ${amount} out of nothing`);
            return;
        } catch {
            await pause(50);
        }
    }
}

async function main() {
    const all = Array.from({ length: Number(options.clients) }, client);
    if (Number(options['make-money']) > 0) all.push(makeMoney(Number(options['make-money'])));
    await Promise.all(all);
    console.log(`${counts.done} transfers, ${counts.refused} refused for want of money, ${counts.unknown} broken off`);
    for (const [reason, times] of [...reasons].slice(0, 10)) console.log(`broken off ${times} times: ${reason}`);
    return counts.done > 0 ? 0 : GAVE_UP;
}

main().then((code) => process.exit(code), (error) => {
    console.log(`gave up: ${error.stack}`);
    process.exit(GAVE_UP);
});
