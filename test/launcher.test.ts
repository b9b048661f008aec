import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, describe, expect, test } from 'vitest'
import { NODE_MIN, NodeNotFoundError, findNode, isNewEnough } from '../scripts/find-node.mjs'

const folder = mkdtempSync(join(tmpdir(), 'sallyport launcher '))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function file(name: string, text: string): string {
  const path = join(folder, name)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
  return path
}

/** Stands for npm: gives the path in `FAKE_NODE`, after words of its own, and leaves a trace of each call. */
const fakeNpm = file(
  'npm-cli.js',
  `require('node:fs').appendFileSync(process.env.FAKE_NPM_CALLS, process.argv.slice(2).join(' ') + '\\n')
   console.error('npm speaks')
   if (process.env.FAKE_NODE === undefined) process.exit(1)
   console.log('> a banner\\n' + process.env.FAKE_NODE)`,
)

/** What each started file tells of itself, and the orders it takes as its first argument. */
const fixture = file(
  'what it is.mjs',
  `const [order, ...rest] = process.argv.slice(2)
   const path = process.env.PATH
   const tell = () => console.log(JSON.stringify({ version: process.version, main: import.meta.main, file: process.argv[1], path, rest,
     collects: typeof globalThis.gc }))
   if (order !== 'wait') tell()
   if (order === 'code') process.exitCode = 7
   if (order === 'throw') throw new Error('on purpose')
   if (order === 'die') process.kill(process.pid, 'SIGKILL')
   if (order === 'wait') {
     const alive = setInterval(() => {}, 1000)
     for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => console.log(signal))
     process.on('SIGTERM', () => { clearInterval(alive); process.exitCode = 5 })
     tell()
   }`,
)

// Away from the repository, so that its memory of a found Node.js is its own.
mkdirSync(join(folder, 'scripts'))
for (const name of ['node.mjs', 'find-node.mjs']) {
  copyFileSync(join(import.meta.dirname, '..', 'scripts', name), join(folder, 'scripts', name))
}
const launcher = join(folder, 'scripts', 'node.mjs')

/** Every Node.js on PATH that is too old to run the project itself. */
const nodesOnPath = (process.env['PATH'] ?? '')
  .split(delimiter)
  .map((place) => join(place, 'node'))
  .filter((node) => existsSync(node))
const olderNodes = [...new Set(nodesOnPath.map((node) => realpathSync(node)))]
  .map((node) => ({ node, version: spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout.trim() }))
  .filter(({ version }) => !isNewEnough(version))

const ways = [
  { way: 'in its own process', node: process.execPath, flags: [] },
  { way: 'in a child, for flags', node: process.execPath, flags: ['--expose-gc'] },
  ...olderNodes.map(({ node, version }) => ({ way: `in a child of ${version} at ${node}`, node, flags: [] })),
]

const env = {
  ...process.env,
  npm_execpath: fakeNpm,
  FAKE_NODE: process.execPath,
  FAKE_NPM_CALLS: join(folder, 'calls'),
}

describe.each(ways)('the launcher $way', ({ node, flags }) => {
  const launch = (...args: string[]) =>
    spawnSync(node, [launcher, ...flags, fixture, ...args], { encoding: 'utf8', env, cwd: tmpdir() })

  test('runs the file as the main one, on a Node.js that is new enough and first on PATH', () => {
    const { stdout, status } = launch('tell')
    const told = JSON.parse(stdout) as {
      version: string
      main: boolean
      file: string
      path: string
      collects: string
    }
    expect(isNewEnough(told.version)).toBe(true)
    expect(told.main).toBe(true)
    expect(told.file).toBe(fixture)
    expect(told.path.split(delimiter)[0]).toBe(dirname(process.execPath))
    expect(told.collects).toBe(flags.length > 0 ? 'function' : 'undefined')
    expect(status).toBe(0)
  })

  test('hands arguments on as they are', () => {
    const awkward = [
      'two words',
      `"double" and 'single'`,
      '',
      '--flag=a b',
      '$HOME',
      '*',
      '\\',
      'line\nbreak',
    ]
    expect(JSON.parse(launch('tell', ...awkward).stdout)).toMatchObject({ rest: awkward })
  })

  test.each([
    ['code', { status: 7, signal: null }],
    ['throw', { status: 1, signal: null }],
    ['die', { status: null, signal: 'SIGKILL' }],
  ])('ends as the file ends: %s', (order, end) => {
    expect(launch(order)).toMatchObject(end)
  })

  test('passes each signal on once and waits for the end', async () => {
    // In a session of its own there is no terminal that could send the child an interrupt.
    const started = spawn(node, [launcher, ...flags, fixture, 'wait'], { env, detached: true })
    try {
      const ended = once(started, 'close')
      const lines = createInterface({ input: started.stdout })[Symbol.asyncIterator]()
      await lines.next()
      for (const signal of ['SIGINT', 'SIGHUP', 'SIGTERM'] as const) {
        started.kill(signal)
        expect(await lines.next()).toEqual({ value: signal, done: false })
      }
      expect(await lines.next()).toMatchObject({ done: true })
      expect(await ended).toEqual([5, null])
    } finally {
      started.kill('SIGKILL')
    }
  })
})

describe('the launcher', () => {
  test('says how it is used when there is no file', () => {
    const { status, stderr, stdout } = spawnSync(process.execPath, [launcher, '--expose-gc'], {
      encoding: 'utf8',
    })
    expect(status).toBe(2)
    expect(stderr).toContain('Usage')
    expect(stdout).toBe('')
  })

  test('fails when the file is not there', () => {
    const { status } = spawnSync(process.execPath, [launcher, join(folder, 'nowhere.ts')], {
      encoding: 'utf8',
    })
    expect(status).toBe(1)
  })
})

describe('finding a Node.js', () => {
  /** Looks with a memory of its own; what npm answers is given. */
  function look(name: string, fakeNode: string | undefined, remembered?: string) {
    const cacheFile = join(folder, name, 'deep', 'node-path')
    if (remembered !== undefined) file(join(name, 'deep', 'node-path'), `${remembered}\n`)
    const calls = file(join(name, 'calls'), '')
    const notices: string[] = []
    const notice = (line: string) => void notices.push(line)
    const find = () =>
      findNode({ cacheFile, env: { ...env, FAKE_NODE: fakeNode, FAKE_NPM_CALLS: calls }, notice })
    return { find, notices, cacheFile, calls: () => readFileSync(calls, 'utf8') }
  }

  function fakeVersion(name: string, version: string): string {
    const path = file(name, `#!/bin/sh\necho ${version}\n`)
    chmodSync(path, 0o755)
    return path
  }

  test('asks npm once and remembers', () => {
    const { find, notices, cacheFile, calls } = look('once', process.execPath)
    expect(find()).toBe(process.execPath)
    expect(find()).toBe(process.execPath)
    expect(readFileSync(cacheFile, 'utf8').trim()).toBe(process.execPath)
    expect(calls().trim().split('\n')).toEqual([expect.stringContaining('--package=node@26')])
    expect(notices).toHaveLength(1)
  })

  test('takes what it remembers only while it is there and new enough', () => {
    const exact = fakeVersion('exact', `v${NODE_MIN}.0`)
    expect(look('exact-memory', undefined, exact).find()).toBe(exact)
    const old = fakeVersion('old', 'v24.6.99')
    expect(look('old-memory', process.execPath, old).find()).toBe(process.execPath)
    expect(look('gone-memory', process.execPath, join(folder, 'gone')).find()).toBe(process.execPath)
  })

  test('says what to do when npm fails, with its words', () => {
    const { find } = look('failing', undefined)
    expect(find).toThrow(NodeNotFoundError)
    expect(find).toThrow(/Install a newer Node\.js[^]*npm speaks/)
  })

  test('does not take an older one from npm', () => {
    expect(look('older', fakeVersion('older-node', 'v20.20.0')).find).toThrow(NodeNotFoundError)
  })

  test('does without a memory where it cannot write', () => {
    const { find } = look('unwritable', process.execPath)
    file(join('unwritable', 'deep'), 'a file where a folder should be')
    expect(find()).toBe(process.execPath)
  })

  test.each([
    ['v26.1.0', true],
    ['25.0.0', true],
    ['24.7.0\n', true],
    ['v24.6.99', false],
    ['v20.20.2', false],
    ['', false],
    ['vx.1.0', false],
  ])('knows whether %j is new enough', (version, expected) => {
    expect(isNewEnough(version)).toBe(expected)
  })
})
