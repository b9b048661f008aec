import { parseSync } from 'oxc-parser'
import { execFile } from 'node:child_process'
import { globSync, readFileSync, statSync } from 'node:fs'
import { copyFile, mkdir, symlink, writeFile } from 'node:fs/promises'
import { isBuiltin } from 'node:module'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { buildGate } from '../scripts/build/gate.ts'
import { startGateEnvironment } from './gate/gate-environment.ts'
import { temporaryFolder } from './support/server-process.ts'

const run = promisify(execFile)
const SOURCES = join(import.meta.dirname, 'gate', 'package')
const MODULES = join(import.meta.dirname, '..', 'node_modules')
const TSC = join(MODULES, 'typescript', 'bin', 'tsc')

/** The parts that decide, with the libraries that they need, in bytes. */
const SIZE_BYTES_MAX = 3_000_000
/** What only other parts of the server contain: the control plane, the store, the proxy, expressions. */
const FOREIGN = [
  'insertInto(',
  'kysely',
  'find-my-way',
  'nodemailer',
  'jsonata',
  'prom-client',
  ' RunningGateway = class',
  ' PipelineEntrance = class',
  ' ProxyExchange = class',
  ' HealthChecks = class',
  ' ResponseCache = class',
  ' Compression = class',
  ' Scheduler = class',
  ' Expressions = class',
]

const stack = new AsyncDisposableStack()
/** A folder with the installed package and nothing else. */
let app: string
let packed: readonly string[]

beforeAll(async () => {
  const { path } = stack.use(await temporaryFolder())
  const [built, cache] = [join(path, 'built'), join(path, 'cache')]
  app = join(path, 'app')
  await mkdir(app)
  await mkdir(built)
  await buildGate(built)
  const { stdout } = await run('npm', ['pack', '--json', '--cache', cache, '--pack-destination', path], {
    cwd: built,
  })
  const [tarball] = Object.values(
    JSON.parse(stdout) as Record<string, { filename: string; files: { path: string }[] }>,
  )
  packed = (tarball?.files ?? []).map((file) => file.path)
  await writeFile(join(app, 'package.json'), '{ "private": true, "type": "module" }')
  const file = join(path, tarball?.filename ?? '')
  await run('npm', ['install', '--offline', '--no-audit', '--no-fund', '--cache', cache, file], { cwd: app })
})

afterAll(async () => {
  await stack.disposeAsync()
})

/** The scripts of the installed package, by their paths. */
function scripts(): readonly string[] {
  const folder = join(app, 'node_modules', '@sallyport', 'gate')
  return globSync('**/*.js', { cwd: folder }).map((name) => join(folder, name))
}

test('the package has JavaScript with declarations, and the licences', () => {
  const others = packed.filter((path) => !/\.(?:js|d\.ts)$/.test(path))
  expect(others.toSorted()).toEqual(['LICENSE', 'THIRD-PARTY-NOTICES.txt', 'package.json'])
  const entries = ['index', 'express', 'fastify', 'hono'].flatMap((name) => [`${name}.js`, `${name}.d.ts`])
  expect(packed).toEqual(expect.arrayContaining(entries))
  const notices = readFileSync(join(app, 'node_modules/@sallyport/gate/THIRD-PARTY-NOTICES.txt'), 'utf8')
  for (const library of ['undici', 'ws', 'jose', 'zod'])
    expect(notices).toMatch(new RegExp(`^${library} \\d`, 'm'))
})

test('it imports only its own files and Node.js, and no framework', () => {
  for (const file of scripts()) {
    const { module } = parseSync(file, readFileSync(file, 'utf8'))
    const specifiers = module.staticImports.map((statement) => statement.moduleRequest.value)
    const foreign = specifiers.filter((name) => !/^\.\/[^/]+\.js$/.test(name) && !isBuiltin(name))
    expect(foreign, file).toEqual([])
    expect(specifiers).not.toContain('node:sqlite')
    expect(specifiers).not.toContain('node:child_process')
    expect(specifiers).not.toContain('node:worker_threads')
  }
})

test('it has no part of the control plane, the store or the proxy, and is as small as that', () => {
  const text = scripts()
    .map((file) => readFileSync(file, 'utf8'))
    .join('\n')
  expect(FOREIGN.filter((part) => text.includes(part))).toEqual([])
  // Its neighbours, so that the names above are those of the source.
  for (const own of [' StreamedSnapshot = class', ' Authorizer = class', ' EmbeddedGateway = class'])
    expect(text).toContain(own)
  const bytes = scripts().reduce((sum, file) => sum + statSync(file).size, 0)
  expect(bytes).toBeLessThan(SIZE_BYTES_MAX)
})

test('a program decides with it, and again from its folder', async () => {
  await using environment = await startGateEnvironment()
  const { token } = await environment.newKey()
  await copyFile(join(SOURCES, 'program.mjs'), join(app, 'program.mjs'))
  const env = {
    GATE_URL: environment.url,
    GATE_FOLDER: await environment.folder(),
    ENROLMENT_TOKEN: await environment.token(),
    API_KEY: token,
  }
  const decide = async (): Promise<unknown> =>
    JSON.parse((await run(process.execPath, ['program.mjs'], { cwd: app, env })).stdout) as unknown
  const decided = { allowed: 'caller-of-orders', refused: [401, 'credential_missing'] }
  expect(await decide()).toEqual(decided)
  environment.relay.cut()
  expect(await decide()).toEqual(decided)
})

test('its declarations are right in a strict project', async () => {
  await copyFile(join(SOURCES, 'consumer.ts'), join(app, 'consumer.ts'))
  const modules = join(app, 'node_modules')
  await mkdir(join(modules, '@types'), { recursive: true })
  for (const name of ['@types/node', '@types/express', 'undici-types', 'fastify', 'hono']) {
    await symlink(join(MODULES, name), join(modules, name))
  }
  const compilerOptions = {
    lib: ['es2024', 'esnext.disposable'],
    types: ['node'],
    module: 'nodenext',
    target: 'es2023',
    strict: true,
    // The types of the frameworks need more than is installed here; those of the gate are compiled through the program.
    skipLibCheck: true,
    noEmit: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
  }
  await writeFile(join(app, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['consumer.ts'] }))
  const compiled = await run(process.execPath, [TSC, '-p', app], { cwd: dirname(app) }).then(
    () => '',
    (error: { stdout?: string }) => error.stdout ?? 'failed',
  )
  expect(compiled).toBe('')
})
