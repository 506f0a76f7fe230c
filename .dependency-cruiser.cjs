/** Import rules of Annals. Layers point inwards: apps -> web -> adapters/contexts -> runtime -> kernel. The consumer kit stands alone. */
const layer = (name, allowed, comment) => ({
  name: `${name}-imports`,
  severity: 'error',
  comment,
  // Specs with an engine (*.int.spec.ts) and the helpers in testing/ may use adapters and contract suites.
  from: { path: `^libs/${name}/`, pathNot: ['\\.int\\.spec\\.ts$', '/testing/'] },
  to: { path: '^(libs|apps|bench|test)/', pathNot: `^libs/(${[name, ...allowed].join('|')})/` },
});

module.exports = {
  forbidden: [
    layer('kernel', [], 'The kernel imports nothing of ours.'),
    layer('runtime', ['kernel'], 'The runtime imports the kernel only.'),
    layer('contexts', ['kernel'], 'Contexts import the kernel only.'),
    layer('adapters', ['runtime', 'kernel'], 'Adapters import the runtime and the kernel only.'),
    layer('consumer', [], 'The consumer kit is a package of its own: it imports nothing of ours.'),
    layer('client', [], 'The client is published by itself and imports nothing of ours.'),
    layer('web', ['runtime', 'kernel'], 'The web layer imports the runtime and the kernel only.'),
    {
      name: 'kernel-npm',
      severity: 'error',
      comment:
        'From npm the kernel imports only typebox, class-validator and reflect-metadata; its specs and testing/ may use the test tools.',
      from: { path: '^libs/kernel/', pathNot: ['\\.spec\\.ts$', '^libs/kernel/testing/'] },
      to: { path: 'node_modules/', pathNot: 'node_modules/(typebox|class-validator|reflect-metadata)/' },
    },
    {
      name: 'consumer-npm',
      severity: 'error',
      comment: 'From npm the consumer kit takes types only, of clients that its user brings.',
      from: { path: '^libs/consumer/', pathNot: ['\\.spec\\.ts$', '/testing/'] },
      to: { path: 'node_modules/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'context-contracts',
      severity: 'error',
      comment: 'Of another context, a context imports only contract.ts; only libs/contexts/index.ts sees them all.',
      from: { path: '^libs/contexts/([^/]+)/' },
      to: { path: '^libs/contexts/', pathNot: ['^libs/contexts/$1/', '^libs/contexts/[^/]+/contract\\.ts$'] },
    },
    {
      name: 'apps-imports',
      severity: 'error',
      comment: 'Apps import libs, never the benchmarks or the tests.',
      from: { path: '^apps/', pathNot: '\\.spec\\.ts$' },
      to: { path: '^(bench|test)/' },
    },
    {
      name: 'testing-only-in-specs',
      severity: 'error',
      comment: 'The product does not import test helpers.',
      from: { path: '^(libs|apps)/', pathNot: ['\\.spec\\.ts$', '/testing/'] },
      to: { path: '^libs/.+/testing/' },
    },
    {
      name: 'no-build-output',
      severity: 'error',
      comment: 'Sources import sources; a # import that lands in dist is a hole in these rules.',
      from: {},
      to: { path: '^dist/' },
    },
    { name: 'no-cycles', severity: 'error', comment: 'No import cycles.', from: {}, to: { circular: true } },
    { name: 'no-unresolved', severity: 'error', comment: 'Every import resolves.', from: {}, to: { couldNotResolve: true } },
    {
      name: 'no-dev-dependency',
      severity: 'error',
      comment: 'The product does not import development dependencies.',
      from: { path: '^(libs|apps)/', pathNot: ['\\.spec\\.ts$', '/testing/'] },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['npm', 'type-only'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|data|coverage)/.*\\.map$' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'node', 'default'],
      extensions: ['.ts', '.js', '.mjs', '.cjs', '.json'],
    },
  },
};
