'use strict';
const assert = require('node:assert');
const path = require('node:path');
const stack = require('../../../helpers/stack');
const { Etcd } = require('../../../helpers/etcd');

describe('kv-crud: keys and values on a cluster of three', () => {
    let name;
    let members;

    before(async () => {
        name = await stack.up(path.join(stack.root, 'compose'), 'kv-crud');
        const urls = Object.values(await stack.endpoints(name, 2379));
        assert.strictEqual(urls.length, 3, 'three members publish their client port');
        members = urls.map((url) => new Etcd(url));
        for (const member of members)
            await stack.eventually(`${member.url} is healthy`, () => member.isHealthy());
    });

    after(async () => {
        if (name) await stack.remove(name);
    });

    it('reads through every member what was written through one', async () => {
        await members[0].put('crud/one', 'first');
        for (const member of members) assert.strictEqual(await member.get('crud/one'), 'first');
    });

    it('overwrites and deletes', async () => {
        await members[1].put('crud/two', 'a');
        await members[2].put('crud/two', 'b');
        assert.strictEqual(await members[0].get('crud/two'), 'b');
        assert.strictEqual(await members[0].delete('crud/two'), 1);
        assert.strictEqual(await members[1].get('crud/two'), null);
        assert.strictEqual(await members[2].delete('crud/two'), 0);
    });

    it('lets one of two rival writers win', async () => {
        await members[0].put('crud/race', 'free');
        const won = await Promise.all(members.map((member, n) => member.compareAndPut('crud/race', 'free', `owner ${n}`)));
        assert.strictEqual(won.filter(Boolean).length, 1);
        assert.strictEqual(await members[0].get('crud/race'), `owner ${won.indexOf(true)}`);
    });

    it('agrees with a model over random operations', async () => {
        const model = new Map();
        const deadline = Date.now() + stack.workSeconds(5) * 1000;
        let operations = 0;
        for (; Date.now() < deadline; ++operations) {
            const member = members[Math.floor(Math.random() * members.length)];
            const key = `model/${Math.floor(Math.random() * 50)}`;
            const choice = Math.random();
            if (choice < 0.5) {
                model.set(key, String(operations));
                await member.put(key, String(operations));
            } else if (choice < 0.7) {
                assert.strictEqual(await member.delete(key), model.delete(key) ? 1 : 0, key);
            } else {
                assert.strictEqual(await member.get(key), model.get(key) ?? null, key);
            }
            if (operations % 500 === 499) console.log(`      ${operations + 1} operations agree`);
        }
        assert.deepStrictEqual(await members[0].keys('model/'), [...model.keys()].sort());
        console.log(`      ${operations} operations, ${model.size} keys at the end`);
        assert.ok(operations > 100, `only ${operations} operations`);
    }).timeout(24 * 3600 * 1000);
});
