'use strict';
// Mocha writes one report at a time; a job wants two: words for its log, and a JUnit file for the server.
const { reporters } = require('mocha');

// Debian's mocha finds no symbols in Debian's newer log-symbols and would print "undefined".
const { symbols } = reporters.Base;
symbols.ok ??= '✓';
symbols.err ??= '✖';
symbols.dot ??= '.';

module.exports = class SpecAndJunit {
    constructor(runner, options) {
        this.spec = new reporters.Spec(runner, options);
        this.junit = new reporters.XUnit(runner, options);
    }

    done(failures, finish) {
        this.junit.done(failures, finish);
    }
};
