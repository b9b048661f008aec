import { isBuiltin } from 'node:module'
import type { Import, SourceFile } from './source-file.ts'

/** The folders of the server, from the ground up, with the other folders that each may import. */
const SERVER_IMPORTS: Readonly<Record<string, readonly string[]>> = {
  address: [],
  fairness: [],
  priority: [],
  config: ['address'],
  connections: [],
  startup: ['config'],
  crypto: [],
  egress: ['address', 'fairness'],
  identity: ['address', 'crypto', 'egress'],
  threads: [],
  telemetry: ['config', 'fairness'],
  requests: ['config', 'telemetry'],
  expression: ['fairness', 'priority'],
  'json-schema': [],
  limits: ['telemetry'],
  schedule: ['fairness'],
  store: ['fairness', 'priority'],
  events: ['store'],
  mail: ['config', 'events', 'fairness'],
  sync: ['fairness', 'store', 'threads'],
  fleet: ['connections', 'crypto', 'requests', 'schedule', 'store', 'sync', 'telemetry', 'threads'],
  webhooks: ['address', 'crypto', 'egress', 'events', 'fairness', 'store'],
  contract: ['address', 'json-schema'],
  app: ['address', 'crypto', 'events', 'expression', 'fairness', 'identity', 'mail', 'requests', 'store'],
  control: [
    'address',
    'app',
    'config',
    'connections',
    'contract',
    'crypto',
    'fairness',
    'mail',
    'identity',
    'requests',
    'store',
    'sync',
    'telemetry',
  ],
  gateway: [
    'address',
    'config',
    'connections',
    'crypto',
    'egress',
    'expression',
    'fairness',
    'json-schema',
    'limits',
    'requests',
    'telemetry',
    'threads',
  ],
}

/** The folders that put the others together: they may import everything, and nothing else imports them. */
const COMPOSERS = ['composition', 'cli', 'main.ts']

/** The folders of the gateway, from the outside in: each may import those after it. */
const GATEWAY_LAYERS = [
  'embedded',
  'gateway.ts',
  'entrance',
  'listing',
  'runs',
  'steps',
  'proxy',
  'cache',
  'credentials',
  'deployment',
  'exchanges',
  'balance',
  'message',
  'response',
  'compression',
  'routing',
  'headers',
  'request',
]

/** The folders of `app/` that know no resource: every resource may import them. */
const APP_FOUNDATIONS = ['access', 'audit', 'exports']

/** Libraries that only tests may import. */
const TEST_PACKAGES = ['vitest', 'fast-check']

/** The entries of packages besides the main one. */
const FURTHER_ENTRIES = [
  '@sallyport/core/key-text',
  '@sallyport/core/schedules',
  '@sallyport/server/embedded',
  '@sallyport/gate/express',
  '@sallyport/gate/fastify',
  '@sallyport/gate/hono',
  '@sallyport/sdk/node',
  '@sallyport/sdk/express',
  '@sallyport/sdk/fastify',
  '@sallyport/sdk/hono',
  '@sallyport/sdk/next',
  '@sallyport/sdk/openapi',
  '@sallyport/sdk/spec-schema',
]

/** Whether a file belongs to a test and not to the product. */
export function isTest(path: string): boolean {
  return !path.startsWith('packages/') || path.endsWith('.test.ts')
}

/** The package that a file of `packages/` belongs to, such as `core`. */
function packageOf(path: string): string | undefined {
  return /^packages\/([^/]+)\//.exec(path)?.[1]
}

/** The folder of the server that a file is in, or the file itself if it is directly in `src`. */
function serverFolderOf(path: string): string | undefined {
  return /^packages\/server\/src\/([^/]+)/.exec(path)?.[1]
}

/** The subfolder that a file is in, or the file itself if it is directly in the folder. */
function subfolderOf(folder: string, path: string): string | undefined {
  const start = `packages/server/src/${folder}/`
  return path.startsWith(start) ? path.slice(start.length).split('/')[0] : undefined
}

/**
 * Checks every import against the rules of ARCHITECTURE.md.
 *
 * @returns a sentence for each violation
 */
export function importViolations(files: readonly SourceFile[]): string[] {
  return [
    ...files.flatMap((file) =>
      file.imports.flatMap((imported) =>
        [
          leavesPackage,
          reachesInside,
          coreIsPure,
          scanIsSmall,
          sdkStandsAlone,
          gateIsThin,
          dashboardIsClient,
          commandLineIsClient,
          serverFolders,
          gatewayLayers,
          appFoundations,
          contractIsSchemas,
        ]
          .map((rule) => rule(file, imported))
          .filter((reason) => reason !== undefined)
          .map((reason) => `${file.path} imports ${imported.specifier}: ${reason}`),
      ),
    ),
    ...importCycles(files),
  ]
}

type Rule = (file: SourceFile, imported: Import) => string | undefined

const leavesPackage: Rule = (file, { path }) => {
  const own = packageOf(file.path)
  if (own === undefined || path === undefined || packageOf(path) === own) return undefined
  if (isTest(file.path) && packageOf(path) === undefined) return undefined
  return 'import other packages by name, and nothing outside of packages/.'
}

const reachesInside: Rule = (_file, { specifier }) =>
  /^@sallyport\/[^/]+\//.test(specifier) && !FURTHER_ENTRIES.includes(specifier)
    ? "import another package's entry, not its files."
    : undefined

const coreIsPure: Rule = (file, { specifier, path }) => {
  if (packageOf(file.path) !== 'core' || path !== undefined) return undefined
  if (isTest(file.path) && (isBuiltin(specifier) || TEST_PACKAGES.includes(specifier))) return undefined
  return 'core has no dependency and no input or output.'
}

const scanIsSmall: Rule = (file, { specifier, path }) => {
  if (packageOf(file.path) !== 'scan' || path !== undefined || isTest(file.path)) return undefined
  if (specifier === '@sallyport/core/key-text' || isBuiltin(specifier)) return undefined
  return 'scan starts fast: it needs the text of keys and nothing else.'
}

const sdkStandsAlone: Rule = (file, { path }) => {
  if (packageOf(file.path) !== 'sdk' || path !== undefined || isTest(file.path)) return undefined
  return file.path.includes('/testing/') ? undefined : 'the SDK has no dependency, and runs without Node.js.'
}

const gateIsThin: Rule = (file, { specifier, path }) => {
  if (packageOf(file.path) !== 'gate' || path !== undefined || isTest(file.path)) return undefined
  const allowed = ['@sallyport/server/embedded', 'fastify', 'hono']
  return allowed.includes(specifier) || isBuiltin(specifier)
    ? undefined
    : 'the gate decides by the parts of the server, and has only the types of frameworks.'
}

const dashboardIsClient: Rule = (file, { specifier }) => {
  if (packageOf(file.path) !== 'dashboard' || !/^@sallyport\/(?:core|server|scan)(?:\/|$)/.test(specifier))
    return undefined
  return specifier === '@sallyport/core/schedules'
    ? undefined
    : 'the dashboard is a client: of core, it has only the due times of schedules.'
}

const commandLineIsClient: Rule = (file, { specifier }) =>
  packageOf(file.path) === 'cli' && /^@sallyport\/(?!sdk$)/.test(specifier)
    ? 'the command line is a client: what it knows of a server, it knows by the SDK.'
    : undefined

const serverFolders: Rule = (file, { path }) => {
  const from = serverFolderOf(file.path)
  const to = path === undefined ? undefined : serverFolderOf(path)
  if (from === undefined || to === undefined || from === to || isTest(file.path)) return undefined
  if (COMPOSERS.includes(from)) return undefined
  if (COMPOSERS.includes(to)) return `only ${COMPOSERS.join(', ')} put the folders together.`
  const allowed = SERVER_IMPORTS[from]
  if (allowed === undefined) return `list ${from} in SERVER_IMPORTS, with the folders that it may import.`
  return allowed.includes(to) || file.path.includes('/testing/')
    ? undefined
    : `${from} must not import ${to}.`
}

const gatewayLayers: Rule = (file, { path }) => {
  if (path === undefined || isTest(file.path) || file.path.includes('/testing/')) return undefined
  const from = subfolderOf('gateway', file.path)
  const to = subfolderOf('gateway', path)
  if (from === undefined || to === undefined || from === to) return undefined
  const [outer, inner] = [GATEWAY_LAYERS.indexOf(from), GATEWAY_LAYERS.indexOf(to)]
  if (outer === -1 || inner === -1) return 'list every folder of the gateway in GATEWAY_LAYERS.'
  return inner > outer ? undefined : `gateway/${from} must not import gateway/${to}, which is further out.`
}

const appFoundations: Rule = (file, { path }) => {
  if (path === undefined || isTest(file.path)) return undefined
  const from = subfolderOf('app', file.path)
  const to = subfolderOf('app', path)
  if (from === undefined || to === undefined || !APP_FOUNDATIONS.includes(from)) return undefined
  const isAllowed = APP_FOUNDATIONS.includes(to) || to.endsWith('.ts')
  return isAllowed ? undefined : `app/${from} must not import app/${to}: it knows no resource.`
}

const contractIsSchemas: Rule = (file, { specifier, path }) => {
  if (path !== undefined || isTest(file.path)) return undefined
  if (serverFolderOf(file.path) !== 'contract' || ['zod', '@sallyport/core'].includes(specifier))
    return undefined
  return 'contract has only schemas, made of zod and core.'
}

/** Finds files that import each other: they cannot be read one at a time. */
function importCycles(files: readonly SourceFile[]): string[] {
  const byPath = new Map(files.map((file) => [file.path, file]))
  const done = new Set<string>()
  const violations: string[] = []
  const visit = (path: string, way: readonly string[]): void => {
    const start = way.indexOf(path)
    if (start !== -1) {
      violations.push(`These files import each other: ${[...way.slice(start), path].join(' → ')}.`)
      return
    }
    if (done.has(path)) return
    for (const imported of byPath.get(path)?.imports ?? []) {
      if (imported.path !== undefined) visit(imported.path, [...way, path])
    }
    done.add(path)
  }
  for (const file of files) visit(file.path, [])
  return violations
}
