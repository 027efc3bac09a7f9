'use strict';
// Prints the service of the etcd member that leads, or of one that follows: the target of a declared fault with
// `pick: leader`. `faultlinectl run` starts it and says through the environment where the cluster is.
//   node helpers/etcd-member.js [leader|follower] [etcd-1 etcd-2 …]
const fs = require('node:fs');
const { Etcd } = require('./etcd');

const wanted = process.argv[2] ?? 'leader';
const roles = process.argv.length > 3 ? process.argv.slice(3) : ['etcd-1', 'etcd-2', 'etcd-3'];

async function main() {
    const endpoints = JSON.parse(fs.readFileSync(process.env.FAULTLINE_ENDPOINTS, 'utf8'));
    for (const role of roles) {
        const [address] = endpoints[`${role}:2379`] ?? [];
        if (!address) continue;
        try {
            const { leader, member } = await new Etcd(`http://${address}`, 1000).status();
            if ((leader === member) === (wanted === 'leader')) return role;
        } catch {
            // a member that does not answer neither leads nor follows
        }
    }
    throw new Error(`no member is a ${wanted}`);
}

main().then((role) => console.log(role), (error) => {
    console.error(error.message);
    process.exit(1);
});
