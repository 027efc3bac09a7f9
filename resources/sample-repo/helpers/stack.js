'use strict';
// The life of the cluster that a case runs on.
const { randomBytes } = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');
const { faultlinectl, inspect } = require('./faultlinectl');

const root = path.join(__dirname, '..');
const nameFile = path.join(root, 'out', 'stack-name');

/** "<case>-<UTC yyyymmddHHMMSS>-<4 hex>": at most 63 characters of [a-z0-9-], cut in the part of the case. */
function newStackName(caseName, now = new Date()) {
    const time = now.toISOString().replace(/\D/g, '').slice(0, 14);
    const suffix = `-${time}-${randomBytes(2).toString('hex')}`;
    const normal = caseName.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-+/, '');
    return normal.slice(0, 63 - suffix.length).replace(/-+$/, '') + suffix;
}

/** Starts the cluster of a folder with compose files and waits for it; gives the stack's name. */
async function up(composeFolder, caseName) {
    const name = process.env.FAULTLINE_STACK || newStackName(caseName);
    fs.mkdirSync(path.dirname(nameFile), { recursive: true });
    // Written first: whatever happens to this process, the job's last step knows what to remove.
    fs.writeFileSync(nameFile, name);
    await faultlinectl('up', '-f', path.join(composeFolder, 'docker-compose.yml'),
        '--rancher-file', path.join(composeFolder, 'rancher-compose.yml'), '--name', name, '--wait');
    return name;
}

/** Removes the stack; one that is gone already is fine. FAULTLINE_KEEP=1 keeps it to be looked at. */
async function remove(name) {
    if (process.env.FAULTLINE_KEEP === '1') {
        console.log(`    kept: ${name}; remove it with: faultlinectl rm ${name}`);
        fs.rmSync(nameFile, { force: true });
        return;
    }
    await faultlinectl('rm', name, '--wait', '--ignore-missing');
    fs.rmSync(nameFile, { force: true });
}

/** The stack that a process which is gone left behind, or null. */
function leftover() {
    return fs.existsSync(nameFile) ? fs.readFileSync(nameFile, 'utf8').trim() : null;
}

/** "http://127.0.0.1:PORT" of a container's published port, per service. */
async function endpoints(stack, containerPort) {
    const found = {};
    for (const service of (await inspect(stack)).services) {
        for (const container of service.containers) {
            const port = container.ports.find((each) => each.containerPort === containerPort && each.hostPort !== 0);
            if (port) found[service.name] = `http://${reachable(port.address)}:${port.hostPort}`;
        }
    }
    return found;
}

function reachable(address) {
    return !address || address === '0.0.0.0' || address === '::' ? '127.0.0.1' : address;
}

/** Calls `probe` until it gives something true, and gives that; fails with its last error at the deadline. */
async function eventually(what, probe, seconds = 60) {
    const deadline = Date.now() + seconds * 1000;
    let last;
    do {
        try {
            const value = await probe();
            if (value) return value;
        } catch (error) {
            last = error;
        }
        await new Promise((resolve) => setTimeout(resolve, 100));
    } while (Date.now() < deadline);
    throw new Error(`not within ${seconds} s: ${what}${last ? ` (${last.message})` : ''}`);
}

/** How long the main part of a case works: FAULTLINE_CASE_SECONDS, or what the case says. */
function workSeconds(usual) {
    const wanted = Number(process.env.FAULTLINE_CASE_SECONDS);
    return wanted > 0 ? wanted : usual;
}

module.exports = { root, newStackName, up, remove, leftover, endpoints, eventually, workSeconds };
