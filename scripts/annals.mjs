#!/usr/bin/env node
// The `annals` command: the command line app, installed and built when needed.
process.argv.splice(2, 0, 'dist/apps/cli/main.js');
await import('./run.mjs');
