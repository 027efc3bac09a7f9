'use strict';
// The last step of a job, also of one that was cancelled: its stack must not outlive it.
const stack = require('./stack');

const name = stack.leftover();
if (name) {
    console.log(`The case left its stack ${name}: removing it`);
    stack.remove(name).catch((error) => {
        console.error(error.message);
        process.exitCode = 1;
    });
}
