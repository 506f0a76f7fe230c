import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';

const swc = JSON.parse(readFileSync(new URL('.swcrc', import.meta.url), 'utf8'));
const at = (folder) => existsSync(new URL(`${folder}/`, import.meta.url));

// ES module packages that CommonJS packages require(): Jest cannot do that before Node 24.9, so they are compiled to CommonJS.
const required = ['cookie', 'content-disposition'].join('|');

export default {
  testEnvironment: 'node',
  globalSetup: '<rootDir>/test/support/temporary-folder.mjs',
  testSequencer: '<rootDir>/test/support/long-first.mjs',
  roots: ['libs', 'apps', 'test'].filter(at).map((folder) => `<rootDir>/${folder}`),
  testMatch: ['**/*.spec.ts'],
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/dist/', '<rootDir>/data/'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': ['@swc/jest', { ...swc, swcrc: false, sourceMaps: 'inline' }],
    [`/node_modules/(${required})/.+\\.js$`]: ['@swc/jest', { jsc: { target: 'es2023' }, swcrc: false }],
  },
  transformIgnorePatterns: [`/node_modules/(?!(${required})/)`],
  moduleNameMapper: {
    // the same packages, each as one file that the build makes
    '^(typebox(?:/(?:compile|schema|value))?|class-validator|rxjs|@nestjs/(?:common|core|cqrs|platform-fastify))$':
      '<rootDir>/dist/packages/$1.js',
    '^#kernel$': '<rootDir>/libs/kernel/index.ts',
    '^#kernel/testing$': '<rootDir>/libs/kernel/testing/index.ts',
    '^#runtime$': '<rootDir>/libs/runtime/index.ts',
    '^#runtime/(.*)$': '<rootDir>/libs/runtime/$1.ts',
    '^#adapters/(.*)$': '<rootDir>/libs/adapters/$1/index.ts',
    '^#contexts$': '<rootDir>/libs/contexts/index.ts',
    '^#contexts/(.*)$': '<rootDir>/libs/contexts/$1.ts',
    '^#web$': '<rootDir>/libs/web/index.ts',
    '^(\\.{1,2}/.*)\\.js$': ['$1.ts', '$1.js'],
  },
  // Many suites wait for servers, processes and pauses: as many workers as cores would wait together.
  maxWorkers: Math.max(3, availableParallelism() - 1),
  // Machines in CI are slow and shared; a test that hangs still ends. On distributed engines each command is some round trips.
  testTimeout: process.env.ANNALS_TEST_ENGINES === 'distributed' ? 240_000 : 60_000,
  passWithNoTests: true,
};
