import { Visitor, parseSync } from 'oxc-parser'
import { execFile } from 'node:child_process'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { copyFile, mkdir, symlink, writeFile } from 'node:fs/promises'
import { delimiter, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { buildSdk } from '../scripts/build/sdk.ts'
import { startServerProcess, temporaryFolder } from './support/server-process.ts'

const run = promisify(execFile)
const SOURCES = join(import.meta.dirname, 'sdk-package')
const MODULES = join(import.meta.dirname, '..', 'node_modules')
const TSC = join(MODULES, 'typescript', 'bin', 'tsc')

const stack = new AsyncDisposableStack()
/** A folder with the installed package and nothing else. */
let app: string
let packed: readonly string[]

beforeAll(async () => {
  const { path } = stack.use(await temporaryFolder())
  const [built, cache] = [join(path, 'built'), join(path, 'cache')]
  app = join(path, 'app')
  await mkdir(app)
  await buildSdk(built)
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

/** The last Node.js on the path: that of the machine, not the newer one that runs the tests. */
function nodeOfMachine(): string {
  const folders = (process.env['PATH'] ?? '').split(delimiter)
  const found = folders.map((folder) => join(folder, 'node')).findLast((file) => existsSync(file))
  return found ?? process.execPath
}

test('the package has JavaScript with declarations, the licence, and no test', () => {
  const others = packed.filter((path) => !/\.(?:js|d\.ts)$/.test(path))
  expect(others.toSorted()).toEqual(['LICENSE', 'package.json'])
  const scripts = packed.filter((path) => path.endsWith('.js'))
  expect(scripts).toEqual(expect.arrayContaining(['index.js', 'frameworks/next.js']))
  expect(packed).toEqual(expect.arrayContaining(scripts.map((path) => path.replace(/\.js$/, '.d.ts'))))
  expect(packed.filter((path) => /\btest(?:ing)?\b/.test(path))).toEqual([])
})

test('it imports only its own files, and uses nothing that only Node.js has', () => {
  const folder = join(app, 'node_modules', '@sallyport', 'sdk')
  const files = globSync('**/*.js', { cwd: folder })
  expect(files.length).toBeGreaterThan(20)
  for (const name of files) {
    const { program, module } = parseSync(name, readFileSync(join(folder, name), 'utf8'))
    const specifiers = module.staticImports.map((statement) => statement.moduleRequest.value)
    expect(specifiers.filter((specifier) => !/^\.{1,2}\/.*\.js$/.test(specifier))).toEqual([])
    const names = new Set<string>()
    new Visitor({ Identifier: (identifier) => void names.add(identifier.name) }).visit(program)
    for (const ofNode of ['process', 'Buffer', 'require', 'global', '__dirname', 'setImmediate'])
      expect(names.has(ofNode), `${name} uses ${ofNode}`).toBe(false)
  }
})

test('a program on the Node.js of the machine manages keys and protects a server', async () => {
  const { path } = stack.use(await temporaryFolder())
  await using server = await startServerProcess({ SALLYPORT_DATA: path })
  await copyFile(join(SOURCES, 'program.mjs'), join(app, 'program.mjs'))
  const env = {
    CONTROL_URL: server.controlUrl,
    GATEWAY_URL: server.gatewayUrl,
    SETUP_TOKEN: server.setupToken,
  }
  const { stdout } = await run(nodeOfMachine(), ['program.mjs'], { cwd: app, env })
  expect(JSON.parse(stdout)).toEqual({
    keys: ['active'],
    allowed: [200, 'Hello mobile-app'],
    refused: [401, 'credential_missing'],
    outcome: 'allowed',
    failure: 'not_found',
  })
})

test.each([
  ['a browser', { lib: ['es2023', 'dom', 'dom.iterable', 'dom.asynciterable'], types: [] }],
  ['Node.js', { lib: ['es2023'], types: ['node'] }],
])('its declarations are right in a strict project for %s', async (_, options) => {
  await copyFile(join(SOURCES, 'consumer.ts'), join(app, 'consumer.ts'))
  const types = join(app, 'node_modules', '@types')
  await mkdir(types, { recursive: true })
  if (!existsSync(join(types, 'node'))) {
    await symlink(join(MODULES, '@types', 'node'), join(types, 'node'))
    await symlink(join(MODULES, 'undici-types'), join(app, 'node_modules', 'undici-types'))
  }
  const compilerOptions = {
    ...options,
    module: 'nodenext',
    target: 'es2023',
    strict: true,
    skipLibCheck: false,
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
