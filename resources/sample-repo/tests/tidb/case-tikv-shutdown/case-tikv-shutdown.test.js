'use strict';
// The node-shutdown case on a real TiDB cluster. Needs images from a registry, and a mysql client on the runner.
const assert = require('node:assert');
const { execFile } = require('node:child_process');
const path = require('node:path');
const stack = require('../../../helpers/stack');
const { faultlinectl, containerOf } = require('../../../helpers/faultlinectl');

const VICTIM = 'tikv-3';

describe('case-tikv-shutdown: SQL goes on while one store of three is down', () => {
    let name;
    let server;
    let rows = 0;

    function sql(statement) {
        const args = ['--host', server.hostname, '--port', server.port, '--user', 'root', '--protocol', 'tcp',
            '--connect-timeout', '10', '--batch', '--skip-column-names', '--execute', statement];
        return new Promise((resolve, reject) => {
            execFile('mysql', args, { timeout: 30_000 }, (error, stdout, stderr) => {
                if (error?.code === 'ENOENT')
                    reject(new Error('there is no mysql client here: install default-mysql-client on the runner'));
                else if (error) reject(new Error(stderr || error.message));
                else resolve(stdout.trim());
            });
        });
    }

    async function insert(seconds) {
        const deadline = Date.now() + seconds * 1000;
        let last = Date.now();
        while (Date.now() < deadline) {
            try {
                await sql(`INSERT INTO test.writes VALUES (${rows})`);
                ++rows;
                last = Date.now();
            } catch (error) {
                console.log(`      row ${rows}: ${error.message}`);
                assert.ok(Date.now() - last < 60_000, 'no row went in for 60 s');
                // It may have gone in although the answer was lost.
                await sql(`DELETE FROM test.writes WHERE n = ${rows}`).catch(() => {});
            }
        }
    }

    before(async function () {
        this.timeout(900_000);
        name = await stack.up(path.join(stack.root, 'compose', 'tidb'), 'case-tikv-shutdown');
        server = new URL((await stack.endpoints(name, 4000)).tidb);
        await stack.eventually('TiDB answers SQL', () => sql('SELECT 1'), 180);
        await sql('CREATE TABLE test.writes (n INT PRIMARY KEY)');
    });

    after(async () => {
        if (name) await stack.remove(name);
    });

    it('writes before anything happens', async () => {
        await insert(5);
        assert.ok(rows > 0);
    });

    it(`goes on writing without ${VICTIM}`, async () => {
        await faultlinectl('deactivate', `${name}/${VICTIM}`, '--wait');
        assert.notStrictEqual((await containerOf(name, VICTIM)).state, 'running', `${VICTIM} is down`);
        const before = rows;
        await insert(stack.workSeconds(60));
        assert.ok(rows > before);
    }).timeout(24 * 3600 * 1000);

    it(`${VICTIM} comes back and no row is lost`, async () => {
        await faultlinectl('activate', `${name}/${VICTIM}`, '--wait');
        assert.strictEqual(Number(await sql('SELECT COUNT(*) FROM test.writes')), rows);
    });
});
