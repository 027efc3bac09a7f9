'use strict';
// The little of MySQL's protocol that the cases need: one connection, one statement at a time, rows as texts. Without TLS and
// without a password; MariaDB and TiDB let such users in by mysql_native_password.
// https://mariadb.com/kb/en/clientserver-protocol/
const net = require('node:net');

const CAPABILITIES = 0x00000001 | 0x00000008 | 0x00000200 | 0x00002000 | 0x00008000 | 0x00080000;
const UTF8MB4 = 45;
const QUIT = 1;
const QUERY = 3;

class SqlError extends Error {}

class Connection {
    /** Logs in at "host:port". */
    static async open(address, { user, database, timeoutMs = 5000 }) {
        const colon = address.lastIndexOf(':');
        const it = new Connection(net.connect(Number(address.slice(colon + 1)), address.slice(0, colon)), timeoutMs);
        const greeting = await it.answer();
        if (greeting[0] === 0xff) throw it.errorOf(greeting);
        it.send(loginPacket(user, database), 1);
        let packet = await it.answer();
        if (packet[0] === 0xfe) { // asked for another way of logging in: no password is no data in each of them
            it.send(Buffer.alloc(0), 3);
            packet = await it.answer();
        }
        if (packet[0] === 0xff) throw it.errorOf(packet);
        return it;
    }

    constructor(socket, timeoutMs) {
        this.socket = socket;
        this.timeoutMs = timeoutMs;
        this.received = Buffer.alloc(0);
        this.packets = [];
        this.waiting = null;
        this.problem = null;
        socket.setNoDelay(true);
        socket.on('data', (bytes) => this.take(bytes));
        socket.on('error', (error) => this.end(error));
        socket.on('close', () => this.end(new Error('the connection was closed')));
    }

    /** The rows of a statement, each a list of texts or nulls; none for one without rows. */
    async query(statement) {
        const text = Buffer.from(statement, 'utf8');
        this.send(Buffer.concat([Buffer.from([QUERY]), text]), 0);
        const head = await this.answer();
        if (head[0] === 0xff) throw this.errorOf(head);
        if (head[0] === 0x00) return [];
        while (!isEnd(await this.answer())); // the columns
        const rows = [];
        for (let packet = await this.answer(); !isEnd(packet); packet = await this.answer()) {
            if (packet[0] === 0xff) throw this.errorOf(packet);
            rows.push(rowOf(packet));
        }
        return rows;
    }

    close() {
        this.send(Buffer.from([QUIT]), 0);
        this.socket.end();
    }

    drop() {
        this.socket.destroy();
    }

    send(payload, sequence) {
        const head = Buffer.alloc(4);
        head.writeUIntLE(payload.length, 0, 3);
        head[3] = sequence;
        this.socket.write(Buffer.concat([head, payload]));
    }

    /** The next packet. */
    answer() {
        return new Promise((resolve, reject) => {
            const timer = setTimeout(() => this.end(new Error(`no answer within ${this.timeoutMs} ms`)), this.timeoutMs);
            this.waiting = { resolve, reject, timer };
            this.deliver();
        });
    }

    take(bytes) {
        this.received = Buffer.concat([this.received, bytes]);
        while (this.received.length >= 4) {
            const size = this.received.readUIntLE(0, 3);
            if (this.received.length < 4 + size) break;
            this.packets.push(this.received.subarray(4, 4 + size));
            this.received = this.received.subarray(4 + size);
        }
        this.deliver();
    }

    deliver() {
        if (!this.waiting || (this.packets.length === 0 && !this.problem)) return;
        const { resolve, reject, timer } = this.waiting;
        this.waiting = null;
        clearTimeout(timer);
        if (this.packets.length > 0) resolve(this.packets.shift());
        else reject(this.problem);
    }

    end(error) {
        this.problem ??= error;
        this.socket.destroy();
        this.deliver();
    }

    errorOf(packet) {
        const text = packet.subarray(3).toString('utf8').replace(/^#...../, '');
        return new SqlError(`${text} (${packet.readUInt16LE(1)})`);
    }
}

const isEnd = (packet) => packet[0] === 0xfe && packet.length < 9;

function loginPacket(user, database) {
    const head = Buffer.alloc(32);
    head.writeUInt32LE(CAPABILITIES, 0);
    head.writeUInt32LE(1 << 24, 4);
    head[8] = UTF8MB4;
    return Buffer.concat([head, Buffer.from(`${user}\0`), Buffer.from([0]), Buffer.from(`${database}\0`),
        Buffer.from('mysql_native_password\0')]);
}

function rowOf(packet) {
    const row = [];
    for (let at = 0; at < packet.length;) {
        let size = packet[at++];
        if (size === 0xfb) {
            row.push(null);
            continue;
        }
        if (size === 0xfc) {
            size = packet.readUInt16LE(at);
            at += 2;
        } else if (size === 0xfd) {
            size = packet.readUIntLE(at, 3);
            at += 3;
        }
        row.push(packet.toString('utf8', at, at + size));
        at += size;
    }
    return row;
}

module.exports = { Connection, SqlError };
