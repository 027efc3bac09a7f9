'use strict';
const assert = require('node:assert');
const path = require('node:path');
const stack = require('../../../helpers/stack');
const { Etcd } = require('../../../helpers/etcd');
const { faultlinectl, inspect } = require('../../../helpers/faultlinectl');

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

    it(`goes on writing without ${VICTIM}`, async () => {
        await faultlinectl('deactivate', `${name}/${VICTIM}`, '--wait');
        const states = (await inspect(name)).services.find((each) => each.name === VICTIM);
        assert.notStrictEqual(states.containers[0].state, 'running', `${VICTIM} is down`);
        const before = written;
        const worst = await write(stack.workSeconds(6));
        console.log(`      ${written - before} writes with one member down, longest gap ${worst} ms`);
        assert.ok(written - before > 20);
    }).timeout(24 * 3600 * 1000);

    it(`${VICTIM} comes back and catches up`, async () => {
        await faultlinectl('activate', `${name}/${VICTIM}`, '--wait');
        // A container that starts again may be published on another port.
        const member = await stack.eventually(`${VICTIM} is healthy`, async () => {
            const url = (await stack.endpoints(name, 2379))[VICTIM];
            const candidate = url && new Etcd(url);
            return candidate && (await candidate.isHealthy()) ? candidate : null;
        });
        const wanted = written;
        await stack.eventually(`${VICTIM} has all ${wanted} writes by itself`,
            async () => (await member.keys('writes/', { serializable: true })).length === wanted);
    });

    it('lost no write', async () => {
        for (const member of survivors) assert.strictEqual((await member.keys('writes/')).length, written);
        console.log(`      ${written} writes are there`);
    });
});
