// Mutation testing (CONTRIBUTING.md): which files are mutated, by which tests, and how many mutants must be found.

/**
 * A set of product files that one run of Stryker mutates.
 * @typedef {object} MutationGroup
 * @property {string} name selects the group on the command line
 * @property {string[]} mutate globs of product files; tests are never mutated
 * @property {string} tests the folder whose unit tests must find the mutants
 * @property {number} scoreMin percentage of mutants that the tests must find, or the run fails
 */

const CORE = 'packages/core/src'
const SERVER = 'packages/server/src'

/** @type {readonly MutationGroup[]} */
export const groups = [
  {
    name: 'core',
    mutate: [
      `${CORE}/{access,decision,keys,paths,snapshot}/*.ts`,
      `${CORE}/pipelines/{policy,upstream-reach}.ts`,
      `${CORE}/limits/gcra.ts`,
    ],
    tests: CORE,
    scoreMin: 95,
  },
  {
    name: 'passkeys',
    mutate: [`${SERVER}/identity/passkeys/*.ts`],
    tests: `${SERVER}/identity/passkeys`,
    scoreMin: 90,
  },
  { name: 'crypto', mutate: [`${SERVER}/crypto/*.ts`], tests: `${SERVER}/crypto`, scoreMin: 90 },
  {
    name: 'identity',
    mutate: [`${SERVER}/identity/{recovery-codes,totp}.ts`],
    tests: `${SERVER}/identity`,
    scoreMin: 90,
  },
  ...['access', 'gate', 'keys', 'deployments', 'roles'].map((name) => ({
    name,
    mutate: [`${SERVER}/app/${name}/*.ts`],
    tests: `${SERVER}/app/${name}`,
    scoreMin: 90,
  })),
  {
    name: 'credentials',
    mutate: [`${SERVER}/gateway/credentials/*.ts`],
    tests: `${SERVER}/gateway/credentials`,
    scoreMin: 90,
  },
  {
    name: 'request',
    mutate: [
      `${SERVER}/gateway/request/{authz-description,client-address,query-key,request-body,request-target}.ts`,
    ],
    tests: `${SERVER}/gateway/request`,
    scoreMin: 90,
  },
  {
    name: 'headers',
    mutate: [`${SERVER}/gateway/headers/{dropped-headers,hop-by-hop,identity-headers}.ts`],
    tests: `${SERVER}/gateway/headers`,
    scoreMin: 90,
  },
  {
    name: 'routing',
    mutate: [
      `${SERVER}/gateway/routing/{environment-routes,find-route,loose-routes,route-lookup,route-node,route-tree}.ts`,
    ],
    tests: `${SERVER}/gateway/routing`,
    scoreMin: 90,
  },
  {
    name: 'exchanges',
    mutate: [`${SERVER}/gateway/exchanges/{lease-gate,lease-gates,recent-exchanges}.ts`],
    tests: `${SERVER}/gateway/exchanges`,
    scoreMin: 90,
  },
  {
    name: 'proxy',
    mutate: [`${SERVER}/gateway/proxy/proxy-headers.ts`],
    tests: `${SERVER}/gateway/proxy`,
    scoreMin: 90,
  },
  {
    name: 'egress',
    mutate: [`${SERVER}/egress/checked-connector.ts`],
    tests: `${SERVER}/egress`,
    scoreMin: 90,
  },
]

export default /** @satisfies {ConstructorParameters<typeof import('@stryker-mutator/core').Stryker>[0]} */ ({
  testRunner: 'vitest',
  vitest: { configFile: 'vitest.mutation.config.ts' },
  plugins: ['@stryker-mutator/vitest-runner'],
  coverageAnalysis: 'perTest',
  concurrency: 2,
  // TypeScript 7 lacks the parser with which Stryker would rewrite a tsconfig. Without the file it leaves them alone.
  tsconfigFile: 'no-tsconfig.json',
  // Node.js strips the types, so nothing checks them.
  disableTypeChecks: false,
  ignorePatterns: ['/bench/results', '/data', '/reports', '*.tsbuildinfo'],
  reporters: ['clear-text', 'html', 'json', process.stdout.isTTY ? 'progress' : 'progress-append-only'],
  clearTextReporter: { logTests: false, reportTests: false },
  cleanTempDir: 'always',
})
