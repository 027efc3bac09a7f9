'use strict';
const assert = require('node:assert');
const path = require('node:path');
const stack = require('../../../helpers/stack');
const { Etcd } = require('../../../helpers/etcd');
const { faultlinectl, containerOf, CONFLICT } = require('../../../helpers/faultlinectl');

const VICTIM = 'etcd-3';

describe('case-node-shutdown: writes go on while one member of three is down', () => {
    let name;
    let survivors;
    let written = 0;

    /** Writes for some seconds through the surviving members in turn; gives the longest time between two writes. */
    async function write(seconds) {
        const deadline = Date.now() + seconds * 1000;
        let last = Date.now();
        let worst = 0;
        while (Date.now() < deadline) {
            const member = survivors[written % survivors.length];
            try {
                await member.put(`writes/${written}`, String(written));
            } catch (error) {
                // An election takes a moment; what counts is how long nobody could write.
                console.log(`      write ${written} through ${member.url}: ${error.message}`);
                assert.ok(Date.now() - last < 15_000, 'no write went through for 15 s');
                continue;
            }
            ++written;
            worst = Math.max(worst, Date.now() - last);
            last = Date.now();
            await new Promise((resolve) => setTimeout(resolve, 10));
        }
        return worst;
    }

    /** Waits until the victim answers again and holds, by itself, all that was written. */
    async function caughtUp() {
        // A container that starts again may be published on another port.
        const member = await stack.eventually(`${VICTIM} is healthy`, async () => {
            const url = (await stack.endpoints(name, 2379))[VICTIM];
            const candidate = url && new Etcd(url);
            return candidate && (await candidate.isHealthy()) ? candidate : null;
        });
        await stack.eventually(`${VICTIM} has all ${written} writes by itself`,
            async () => (await member.keys('writes/', { serializable: true })).length === written);
    }

    before(async () => {
        name = await stack.up(path.join(stack.root, 'compose'), 'case-node-shutdown');
        const urls = await stack.endpoints(name, 2379);
        assert.strictEqual(Object.keys(urls).length, 3, 'three members publish their client port');
        for (const url of Object.values(urls))
            await stack.eventually(`${url} is healthy`, () => new Etcd(url).isHealthy());
        survivors = Object.keys(urls).filter((each) => each !== VICTIM).map((each) => new Etcd(urls[each]));
    });

    after(async () => {
        if (name) await stack.remove(name);
    });

    it('writes before anything happens', async () => {
        const worst = await write(2);
        console.log(`      ${written} writes, longest gap ${worst} ms`);
        assert.ok(written > 20);
    });

    it(`goes on writing when ${VICTIM} is killed`, async () => {
        const container = await containerOf(name, VICTIM);
        await faultlinectl('stop', container.id, '--timeout', '0', '--wait');
        const before = written;
        console.log(`      longest gap ${await write(3)} ms, ${written - before} writes`);
        assert.ok(written - before > 20);
        // An orchestrator may have started it again already.
        await faultlinectl('start', container.id, '--wait').catch((error) => {
            if (error.exitCode !== CONFLICT) throw error;
        });
        await caughtUp();
    });

    it(`goes on writing while ${VICTIM} is shut down`, async () => {
        await faultlinectl('deactivate', `${name}/${VICTIM}`, '--wait');
        assert.notStrictEqual((await containerOf(name, VICTIM)).state, 'running', `${VICTIM} is down`);
        const before = written;
        console.log(`      longest gap ${await write(stack.workSeconds(6))} ms, ${written - before} writes`);
        assert.ok(written - before > 20);
    }).timeout(24 * 3600 * 1000);

    it(`${VICTIM} comes back and catches up`, async () => {
        await faultlinectl('activate', `${name}/${VICTIM}`, '--wait');
        await caughtUp();
    });

    it('lost no write', async () => {
        for (const member of survivors) assert.strictEqual((await member.keys('writes/')).length, written);
        console.log(`      ${written} writes are there`);
    });
});
