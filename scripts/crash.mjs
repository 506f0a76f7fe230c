// The crash tests in their long form: 200 kills, unless CRASH_ROUNDS says otherwise. Arguments are passed on to Jest.
process.env.CRASH_ROUNDS ??= '200';
process.argv.splice(2, 0, 'test/crash');
await import('./test.mjs');
