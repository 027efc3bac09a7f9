'use strict';
// Runs faultlinectl, which a runner puts into the PATH and which finds its server and keys in the environment.
const { execFile } = require('node:child_process');

/** Runs a command and shows it in the log; resolves with its standard output, rejects with what it said. */
function faultlinectl(...args) {
    console.log(`    $ faultlinectl ${args.join(' ')}`);
    return new Promise((resolve, reject) => {
        execFile('faultlinectl', args, { timeout: 600_000, maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
            if (!error) return resolve(stdout);
            const failure = new Error(`faultlinectl ${args[0]} failed (${error.code ?? error.signal}): ${stderr || error.message}`);
            failure.exitCode = error.code;
            reject(failure);
        });
    });
}

/** The stack with its services and their containers. */
async function inspect(stack) {
    return JSON.parse(await faultlinectl('inspect', stack, '--output', 'json'));
}

/** The container of a service that has one. */
async function containerOf(stack, service) {
    return (await inspect(stack)).services.find((each) => each.name === service).containers[0];
}

/** The server refused because the object is in another state by now. */
const CONFLICT = 15;

module.exports = { faultlinectl, inspect, containerOf, CONFLICT };
