import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findNode, NodeNotFoundError } from '../scripts/find-node.mjs'
import { distributionFor, NODE_VERSION } from '../scripts/node/distributions.mjs'
import { eventually } from './support/eventually.ts'

const NAME = 'node-for-this-test'
const VERSION = '26.99.0'
/** Runs as Node.js does as far as the launcher asks. */
const PROGRAM = `#!/bin/sh\necho v${VERSION}\n`

const folder = mkdtempSync(join(tmpdir(), 'sallyport find node '))
/** A registry with one package. */
let registry: Server
let url: string
let archive: Buffer
let downloads = 0
/** What each download waits for. */
let gate: Promise<void> = Promise.resolve()

const sha256Of = (bytes: Buffer | string): string => createHash('sha256').update(bytes).digest('hex')
const integrityOf = (bytes: Buffer): string => `sha512-${createHash('sha512').update(bytes).digest('base64')}`

/** The archive that npm makes of the package. */
function pack(): Buffer {
  const source = join(folder, 'package')
  mkdirSync(join(source, 'bin'), { recursive: true })
  writeFileSync(join(source, 'bin', 'node'), PROGRAM, { mode: 0o755 })
  writeFileSync(join(source, 'LICENSE'), 'as it is')
  writeFileSync(join(source, 'package.json'), JSON.stringify({ name: NAME, version: VERSION }))
  const packed = spawnSync('npm', ['pack', '--silent', source], {
    cwd: folder,
    encoding: 'utf8',
    env: npmEnv('pack'),
  })
  return readFileSync(join(folder, packed.stdout.trim()))
}

function npmEnv(name: string): NodeJS.ProcessEnv {
  const home = join(folder, name)
  mkdirSync(home, { recursive: true })
  return { PATH: process.env['PATH'], HOME: home, npm_config_registry: url, npm_config_fetch_retries: '0' }
}

beforeAll(async () => {
  registry = createServer((request, response) => {
    if (request.url === `/${NAME}`) {
      const dist = { tarball: `${url}${NAME}.tgz`, integrity: integrityOf(archive) }
      const versions = { [VERSION]: { name: NAME, version: VERSION, dist } }
      response.end(JSON.stringify({ name: NAME, 'dist-tags': { latest: VERSION }, versions }))
      return
    }
    // Such as the newest version of npm itself.
    if (request.url !== `/${NAME}.tgz`) {
      response.writeHead(404).end()
      return
    }
    downloads += 1
    void gate.then(() => response.end(archive))
  })
  registry.listen(0, '127.0.0.1')
  await once(registry, 'listening')
  url = `http://127.0.0.1:${(registry.address() as AddressInfo).port}/`
  archive = pack()
})
afterAll(() => {
  registry.close()
  rmSync(folder, { recursive: true, force: true })
})

function distribution() {
  return {
    name: NAME,
    version: VERSION,
    integrity: integrityOf(archive),
    executable: 'bin/node',
    sha256: sha256Of(PROGRAM),
  }
}

/** A search of a user with an empty home, in a new checkout. */
function user(name: string, more: NodeJS.ProcessEnv = {}) {
  const env = { ...npmEnv(name), ...more }
  const cache = join(env['HOME'] ?? '', '.cache', 'sallyport', 'node')
  const notices: string[] = []
  let checkouts = 0
  const find = async (changes: Partial<ReturnType<typeof distribution>> = {}, checkout?: string) => {
    checkouts += 1
    return await findNode({
      checkout: checkout ?? join(folder, name, `checkout ${checkouts}`),
      env,
      notice: (line: string) => void notices.push(line),
      distribution: { ...distribution(), ...changes },
    })
  }
  return { find, notices, cache, home: env['HOME'] ?? '' }
}

const run = (path: string): string => spawnSync(path, { encoding: 'utf8' }).stdout.trim()

describe('a missing Node.js', () => {
  test('is fetched once for all checkouts of a user, and leaves nothing else', async () => {
    const { find, notices, cache } = user('once')
    const before = downloads
    const path = await find()
    expect(path).toBe(join(cache, `${NAME}-${VERSION}`, 'bin', 'node'))
    expect(run(path)).toBe(`v${VERSION}`)
    expect(notices[0]).toMatch(`Getting Node.js ${VERSION} from npm`)
    expect(notices.at(-1)).toBe(`Node.js ${VERSION} is ready.`)
    const told = notices.length
    expect([await find(), await find()]).toEqual([path, path])
    expect([downloads - before, notices.length - told]).toEqual([1, 0])
    expect(readdirSync(cache)).toEqual([`${NAME}-${VERSION}`])
    expect(readdirSync(dirname(dirname(path))).toSorted()).toEqual(['LICENSE', 'bin'])
    // For this user alone.
    expect(statSync(cache).mode & 0o077).toBe(0)
  })

  test('is fetched by one of the processes that start at a time, while the others say that they wait', async () => {
    const { find, notices } = user('together')
    const before = downloads
    const { promise, resolve } = Promise.withResolvers<void>()
    gate = promise
    const all = Promise.all([find(), find(), find()])
    const waiting = () => notices.filter((line) => line.startsWith('Another process')).length
    await eventually(() => expect([waiting(), downloads - before]).toEqual([2, 1]))
    // A slow download says how far it is.
    await eventually(() => expect(notices.join()).toMatch(/\d+ MB unpacked after \d+ s/))
    resolve()
    expect(new Set(await all).size).toBe(1)
    expect(downloads - before).toBe(1)
  })

  test('is fetched although a process died while it fetched', async () => {
    const { find, cache } = user('died')
    mkdirSync(cache, { recursive: true, mode: 0o700 })
    const lock = join(cache, `.${NAME}-${VERSION}.lock`)
    const draft = join(cache, '.draft-of-a-dead-process')
    writeFileSync(lock, '')
    mkdirSync(draft)
    for (const path of [lock, draft]) utimesSync(path, 1, 1)
    expect(run(await find())).toBe(`v${VERSION}`)
    expect(readdirSync(cache)).toEqual([`${NAME}-${VERSION}`])
  })
})

describe('a Node.js that is there', () => {
  test('is replaced if its bytes have changed, also if its times have not', async () => {
    const { find } = user('changed')
    const checkout = join(folder, 'changed', 'checkout')
    const path = await find({}, checkout)
    for (const where of [checkout, join(folder, 'changed', 'another checkout')]) {
      const { atime, mtime } = statSync(path)
      writeFileSync(path, PROGRAM.replace('echo', 'exit'))
      utimesSync(path, atime, mtime)
      expect(await find({}, where)).toBe(path)
      expect(run(path)).toBe(`v${VERSION}`)
    }
  })

  test('is not used if other users can replace it', async () => {
    const { find, cache, home } = user('open')
    const path = await find()
    chmodSync(dirname(path), 0o777)
    const before = downloads
    expect(await find()).toBe(path)
    expect([downloads - before, statSync(dirname(path)).mode & 0o022]).toEqual([0, 0])
    chmodSync(cache, 0o777)
    // Then the folder of the checkout has it.
    expect(await find({}, join(home, 'mine'))).toBe(
      join(home, 'mine', 'node', `${NAME}-${VERSION}`, 'bin', 'node'),
    )
  })

  test('works from a checkout that cannot be written to', async () => {
    const { find } = user('read-only')
    const path = await find()
    writeFileSync(join(folder, 'read-only', 'a file'), '')
    expect(await find({}, join(folder, 'read-only', 'a file', 'below'))).toBe(path)
  })
})

describe('the cache is', () => {
  test('XDG_CACHE_HOME, if it is an absolute path', async () => {
    const elsewhere = join(folder, 'elsewhere')
    const { find } = user('xdg', { XDG_CACHE_HOME: elsewhere })
    expect(await find()).toMatch(join(elsewhere, 'sallyport', 'node'))
    const relative = user('relative', { XDG_CACHE_HOME: 'relative' })
    expect(await relative.find()).toMatch(relative.cache)
  })

  test('in the checkout for a user without a home, and npm gets a folder of its own', async () => {
    const blocked = join(folder, 'a file')
    writeFileSync(blocked, '')
    const { find } = user('homeless', { HOME: join(blocked, 'home') })
    const checkout = join(folder, 'homeless', 'checkout')
    expect(await find({}, checkout)).toBe(join(checkout, 'node', `${NAME}-${VERSION}`, 'bin', 'node'))
    expect(readdirSync(join(checkout, 'node'))).toEqual([`${NAME}-${VERSION}`])
  })
})

describe('an error says what happened and what to do:', () => {
  const REMEDY = /Connect this machine to an npm registry and try again, or install Node\.js 24\.7 or later\./

  test('the registry has another archive', async () => {
    const { find, cache } = user('tampered')
    const failure = find({ integrity: integrityOf(Buffer.from('the right one')) })
    await expect(failure).rejects.toThrow(NodeNotFoundError)
    await expect(failure).rejects.toThrow(/EINTEGRITY/)
    await expect(failure).rejects.toThrow(REMEDY)
    expect(readdirSync(cache)).toEqual([])
  })

  test('the archive has another executable', async () => {
    const { find, cache } = user('other')
    await expect(find({ sha256: sha256Of('another') })).rejects.toThrow(/is not the one with the SHA-256/)
    expect(readdirSync(cache)).toEqual([])
  })

  test('no registry answers', async () => {
    const { find, notices } = user('offline', { npm_config_registry: 'http://127.0.0.1:1/' })
    await expect(find()).rejects.toThrow(REMEDY)
    expect(notices[0]).toMatch('Getting Node.js')
  })
})

test('the settings of an npm that runs a script do not change how Node.js is fetched', async () => {
  const { find, home } = user('inside', {
    npm_config_dry_run: 'true',
    npm_config_global: 'true',
    npm_config_omit: 'prod',
    npm_config_workspace: 'packages/core',
    npm_config_package_lock_only: 'true',
    npm_config_prefix: join(import.meta.dirname, '..'),
  })
  expect(run(await find())).toBe(`v${VERSION}`)
  expect(existsSync(join(home, 'node_modules'))).toBe(false)
})

describe('the pinned Node.js', () => {
  test.each([
    ['linux', 'x64'],
    ['linux', 'arm64'],
    ['darwin', 'x64'],
    ['darwin', 'arm64'],
    ['win32', 'x64'],
  ])('has one version and two hashes for %s on %s', (platform, architecture) => {
    expect(distributionFor(platform, architecture)).toEqual({
      name: expect.stringContaining(architecture),
      version: NODE_VERSION,
      integrity: expect.stringMatching(/^sha512-[\w+/]{86}==$/),
      executable: platform === 'win32' ? 'bin/node.exe' : 'bin/node',
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    })
  })

  test('does not exist for other machines', () => {
    expect(distributionFor('sunos', 'x64')).toBeUndefined()
    expect(distributionFor('linux', 's390x')).toBeUndefined()
  })
})
