'use strict';
// The few calls of etcd's v3 API that the cases need, through its JSON gateway.

const encode = (text) => Buffer.from(text, 'utf8').toString('base64');
const decode = (text) => Buffer.from(text ?? '', 'base64').toString('utf8');

class Etcd {
    /** One member, by its "http://host:port". */
    constructor(url, timeoutMs = 5000) {
        this.url = url;
        this.timeoutMs = timeoutMs;
    }

    async put(key, value) {
        return Number((await this.call('/v3/kv/put', { key: encode(key), value: encode(value) })).header.revision);
    }

    /** The value, or null; linearizable unless `serializable`, which asks this member alone. */
    async get(key, { serializable = false } = {}) {
        const answer = await this.call('/v3/kv/range', { key: encode(key), serializable });
        return answer.kvs ? decode(answer.kvs[0].value) : null;
    }

    /** How many keys were there and are deleted now. */
    async delete(key) {
        return Number((await this.call('/v3/kv/deleterange', { key: encode(key) })).deleted ?? 0);
    }

    /** Every key with the prefix, sorted. */
    async keys(prefix, { serializable = false } = {}) {
        const end = prefix.slice(0, -1) + String.fromCharCode(prefix.charCodeAt(prefix.length - 1) + 1);
        const answer = await this.call('/v3/kv/range',
            { key: encode(prefix), range_end: encode(end), keys_only: true, serializable });
        return (answer.kvs ?? []).map((each) => decode(each.key)).sort();
    }

    /** Writes only when the key holds what is expected; gives whether it did. */
    async compareAndPut(key, expected, value) {
        const answer = await this.call('/v3/kv/txn', {
            compare: [{ key: encode(key), target: 'VALUE', result: 'EQUAL', value: encode(expected) }],
            success: [{ requestPut: { key: encode(key), value: encode(value) } }],
        });
        return answer.succeeded === true;
    }

    async isHealthy() {
        const response = await fetch(`${this.url}/health`, { signal: AbortSignal.timeout(this.timeoutMs) });
        return (await response.json()).health === 'true';
    }

    /** { leader, revision } as this member sees them. */
    async status() {
        const answer = await this.call('/v3/maintenance/status', {});
        return { leader: answer.leader, member: answer.header.member_id, revision: Number(answer.header.revision) };
    }

    async call(path, body) {
        const response = await fetch(this.url + path, {
            method: 'POST',
            body: JSON.stringify(body),
            signal: AbortSignal.timeout(this.timeoutMs),
        });
        const answer = await response.json();
        if (!response.ok) throw new Error(`etcd ${this.url}${path}: ${answer.message ?? answer.error ?? response.status}`);
        return answer;
    }
}

module.exports = { Etcd };
