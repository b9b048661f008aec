import { isBuiltin } from 'node:module'
import type { Import, SourceFile } from './source-file.ts'

/** The parts of the server, and which of the others each must not know. */
const SERVER_PARTS_FORBIDDEN: Readonly<Record<string, readonly string[]>> = {
  config: ['store', 'crypto', 'expression', 'app', 'contract', 'control', 'gateway', 'sync', 'telemetry'],
  store: ['expression', 'app', 'contract', 'control', 'gateway'],
  crypto: ['config', 'store', 'expression', 'app', 'contract', 'control', 'gateway', 'sync', 'telemetry'],
  expression: [
    'config',
    'store',
    'crypto',
    'address',
    'app',
    'contract',
    'control',
    'gateway',
    'sync',
    'telemetry',
  ],
  app: ['contract', 'control', 'gateway', 'egress'],
  egress: [
    'config',
    'store',
    'crypto',
    'expression',
    'app',
    'contract',
    'control',
    'gateway',
    'sync',
    'telemetry',
  ],
  fairness: ['config', 'store', 'crypto', 'app', 'contract', 'control', 'gateway', 'sync', 'telemetry'],
  contract: ['config', 'store', 'crypto', 'expression', 'app', 'control', 'gateway', 'sync', 'telemetry'],
  control: ['gateway'],
  gateway: ['store', 'app', 'control'],
  schedule: ['config', 'store', 'crypto', 'app', 'contract', 'control', 'gateway', 'sync', 'telemetry'],
}

/** What wires the parts together. Only these know each other; nothing else knows them. */
const WIRING = ['composition', 'cli', 'main.ts']

/** What tests may use beside what their package may. */
const TEST_PACKAGES = ['vitest', 'fast-check']

/** Whether a file is part of a test run and not of the product. */
export function isTest(path: string): boolean {
  return !path.startsWith('packages/') || path.endsWith('.test.ts')
}

/** The package that a file of `packages/` belongs to, such as `core`. */
function packageOf(path: string): string | undefined {
  return /^packages\/([^/]+)\//.exec(path)?.[1]
}

/** The part of the server that a file belongs to: a folder of `src`, or a file in `src` itself. */
function serverPartOf(path: string): string | undefined {
  return /^packages\/server\/src\/([^/]+)/.exec(path)?.[1]
}

/**
 * Holds every import against section 3 of the design.
 *
 * @returns a sentence for each violation
 */
export function importViolations(files: readonly SourceFile[]): string[] {
  return [
    ...files.flatMap((file) =>
      file.imports.flatMap((imported) =>
        [leavesPackage, reachesInside, coreIsPure, partsKnow, partsUse]
          .map((rule) => rule(file, imported))
          .filter((reason) => reason !== undefined)
          .map((reason) => `${file.path} imports ${imported.specifier}: ${reason}`),
      ),
    ),
    ...gatewayReaches(files),
    ...importCycles(files),
  ]
}

type Rule = (file: SourceFile, imported: Import) => string | undefined

const leavesPackage: Rule = (file, { path }) => {
  const own = packageOf(file.path)
  if (own === undefined || path === undefined || packageOf(path) === own) return undefined
  if (isTest(file.path) && packageOf(path) === undefined) return undefined
  return 'a package reaches another by its name alone, and nothing outside the packages.'
}

const reachesInside: Rule = (_file, { specifier }) =>
  /^@sallyport\/[^/]+\//.test(specifier)
    ? "another package's files are its own; import its entry."
    : undefined

const coreIsPure: Rule = (file, { specifier, path }) => {
  if (packageOf(file.path) !== 'core' || path !== undefined) return undefined
  if (isTest(file.path) && (isBuiltin(specifier) || TEST_PACKAGES.includes(specifier))) return undefined
  return 'core has no dependency and does no input or output.'
}

const partsKnow: Rule = (file, { path }) => {
  const from = serverPartOf(file.path)
  const to = path === undefined ? undefined : serverPartOf(path)
  if (from === undefined || to === undefined || from === to || isTest(file.path)) return undefined
  if (WIRING.includes(from)) return undefined
  if (WIRING.includes(to)) return `only ${WIRING.join(', ')} wire the parts together.`
  return SERVER_PARTS_FORBIDDEN[from]?.includes(to) === true ? `${from} must not know ${to}.` : undefined
}

const partsUse: Rule = (file, { specifier, path }) => {
  if (path !== undefined || isTest(file.path)) return undefined
  if (serverPartOf(file.path) !== 'contract' || ['zod', '@sallyport/core'].includes(specifier))
    return undefined
  return 'contract holds schemas only, made of zod and core.'
}

/** What the gateway must not know it must not know through others either. */
function gatewayReaches(files: readonly SourceFile[]): string[] {
  const byPath = new Map(files.map((file) => [file.path, file]))
  const forbidden = SERVER_PARTS_FORBIDDEN['gateway'] ?? []
  const violations: string[] = []
  const seen = new Set<string>()
  const visit = (path: string, way: readonly string[]): void => {
    const part = serverPartOf(path) ?? ''
    if (way.length > 1 && forbidden.includes(part)) {
      violations.push(`The gateway must not know ${part}, not even by way of ${[...way, path].join(' → ')}.`)
      return
    }
    if (seen.has(path)) return
    seen.add(path)
    for (const imported of byPath.get(path)?.imports ?? []) {
      if (imported.path !== undefined) visit(imported.path, [...way, path])
    }
  }
  for (const file of files) {
    if (serverPartOf(file.path) === 'gateway' && !isTest(file.path)) visit(file.path, [])
  }
  return violations
}

/** Files that import each other cannot be understood one at a time. */
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
