// The crash tests in their long form: 200 kills, unless CRASH_ROUNDS says otherwise. With ANNALS_TEST_ENGINES=distributed on those
// engines, and with faults of theirs. Arguments are passed on to Jest.
process.env.CRASH_ROUNDS ??= '200';
process.argv.splice(2, 0, 'test/crash', ...(process.env.ANNALS_TEST_ENGINES === 'distributed' ? ['test/engines'] : []));
await import('./test.mjs');
