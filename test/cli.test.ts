import { spawnSync } from 'node:child_process'
import { readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type CommandRun, type CommandSurroundings, runSallyport } from './support/command-line.ts'
import { startUpstream } from './support/upstream.ts'
import { startServerProcess, temporaryFolder, type ServerProcess } from './support/server-process.ts'

/*
 * The command line against a real server, in a pipe and on a terminal.
 */

const ROOT = join(import.meta.dirname, '..')
const TOKEN = /^sp_sk_\w+$/

const stack = new AsyncDisposableStack()
let server: ServerProcess
let home: string
let ownerToken: string

beforeAll(async () => {
  home = stack.use(await temporaryFolder()).path
  server = stack.use(await startServerProcess({ SALLYPORT_DATA: join(home, 'data') }))
  const setUp = await run(['set-up', '--slug', 'acme', '--name', 'Acme'], { input: `${server.setupToken}\n` })
  expect(setUp).toMatchObject({
    code: 0,
    stderr: expect.stringMatching(/^key_\w+: this token .* shown only once\.\n$/),
  })
  ownerToken = setUp.stdout.trim()
  expect(ownerToken).toMatch(TOKEN)
})
afterAll(async () => {
  await stack.disposeAsync()
})

interface RunOptions extends Omit<Partial<CommandSurroundings>, 'terminalColumns'> {
  readonly columns?: number
}

/** Runs a command as the owner. */
async function run(
  args: readonly string[],
  { columns, environment, ...more }: RunOptions = {},
): Promise<CommandRun> {
  return await runSallyport(args, {
    environment: {
      HOME: home,
      SALLYPORT_URL: server.controlUrl,
      ...(ownerToken === undefined ? {} : { SALLYPORT_TOKEN: ownerToken }),
      ...environment,
    },
    ...more,
    ...(columns === undefined ? {} : { terminalColumns: columns }),
  })
}

/** Runs a command that must succeed, and reads its result as JSON. */
async function json(...args: readonly string[]): Promise<unknown> {
  const { code, stdout, stderr } = await run([...args, '-o', 'json'])
  expect([code, stderr]).toEqual([0, ''])
  return JSON.parse(stdout)
}

test('a key is created, listed, rolled, switched off and deleted', async () => {
  const created = await run([
    'keys',
    'create',
    '--name',
    'mobile-app',
    '--type',
    'secret',
    '--expires-at',
    '90d',
  ])
  expect(created).toMatchObject({ code: 0, stdout: expect.stringMatching(/^sp_sk_\w+\n$/) })
  const id = /^key_\w+/.exec(created.stderr)?.[0] ?? ''
  const listed = await run(['keys', 'list', '--search', 'mobile'])
  expect(listed.stdout).toMatch(/^ID +NAME +TYPE +ENVIRONMENT +STATE +CREATED AT +EXPIRES AT\n/)
  expect(listed.stdout).toContain(`${id}  mobile-app  secret  -            active`)
  expect(await run(['keys', 'list', '--search', 'mobile', '--quiet'])).toEqual({
    code: 0,
    stdout: `${id}\n`,
    stderr: '',
  })

  const rolled = await run(['keys', 'roll', id, '--grace-seconds', '60'])
  expect(rolled.stdout).toMatch(/^sp_sk_\w+\n$/)
  expect(rolled.stderr).toMatch(/In force on the gateway after \d+ ms \(revision \d+\)\.\n$/)
  expect(await json('keys', 'get', id)).toMatchObject({ id, state: 'rolling' })
  expect(await run(['keys', 'finish', id])).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('active'),
  })

  expect((await run(['keys', 'update', id, '--status', 'inactive', '--labels', 'team=a=b'])).code).toBe(0)
  expect(await json('keys', 'get', id)).toMatchObject({ state: 'inactive', labels: { team: 'a=b' } })
  expect(await run(['keys', 'delete', id])).toMatchObject({
    code: 0,
    stdout: '',
    stderr: expect.stringMatching(`^Deleted ${id}.\nIn force on`),
  })
  expect(await json('keys', 'list', '--search', 'mobile')).toEqual([])
  expect(await run(['keys', 'list', '--search', 'mobile'])).toEqual({
    code: 0,
    stdout: '',
    stderr: 'Nothing found.\n',
  })
})

test('a body is read from a file of YAML, and options replace its members', async () => {
  const file = join(home, 'consumer.yaml')
  await writeFile(file, 'name: from-file\nenvironment: test\nlabels: { team: payments }\n')
  expect((await run(['consumers', 'create', '--file', file, '--name', 'web-shop'])).code).toBe(0)
  const listed = await json('consumers', 'list', '--label', 'team:payments')
  expect(listed).toMatchObject([{ name: 'web-shop', environment: 'test' }])
  const yaml = await run(['consumers', 'list', '--label', 'team', '-o', 'yaml'])
  expect(yaml.stdout).toMatch(/^- id: con_\w+\n  name: web-shop\n/)
})

test('an import is read from standard input, and an export is written to standard output', async () => {
  const imported = await run(['keys', 'import', '-', '--as', 'ndjson'], {
    input: '{"name":"Moved","token":"moved-4fT0Qm2ZrX9b"}\n',
  })
  expect(imported).toMatchObject({ code: 0, stdout: expect.stringContaining('LINES') })
  const exported = await run(['keys', 'export', '--search', 'Moved', '--as', 'csv'])
  expect(exported.stdout.split('\n')[0]).toContain('name')
  expect(exported.stdout).toContain('Moved')
})

describe('the exit code', () => {
  test('is 3 for a deployment that the policy refuses, with all that is missing', async () => {
    const spec = '{ trigger: { kind: http, path: /orders, authentication: {} }, steps: [{ respond: {} }] }'
    expect((await run(['pipelines', 'create', '--name', 'orders', '--spec', spec])).code).toBe(0)
    expect((await run(['policy', 'set', 'prod', '--mode', 'api-key'])).code).toBe(0)
    const deployment = ['--pipeline', 'orders', '--version', '1.0', '--environment']
    const refused = await run(['deploy', ...deployment, 'prod'])
    expect(refused).toMatchObject({ code: 3, stdout: '' })
    expect(refused.stderr).toMatch(/\(deployment_refused\)\n {2}\/\S+: required .*, found .*\n {4}\S/)
    expect((await run(['deploy', ...deployment, 'test'])).code).toBe(0)
    const preview = await run(['policy', 'preview', 'test', '--mode', 'jwt', '-o', 'json'])
    expect(JSON.parse(preview.stdout)).toMatchObject({ affected: [{ pipeline: 'orders' }] })
    expect(await json('policy', 'get', 'test')).toMatchObject({ mode: 'any' })
  })

  test('is 4 without permission, and with a token that is not known', async () => {
    const created = await run(['keys', 'create', '--name', 'weak', '--type', 'secret'])
    const weak = { SALLYPORT_TOKEN: created.stdout.trim() }
    const refused = await run(['keys', 'list'], { environment: weak })
    expect(refused).toMatchObject({
      code: 4,
      stdout: '',
      stderr: expect.stringContaining('(permission_missing)'),
    })
    const unknown = await run(['keys', 'list'], { environment: { SALLYPORT_TOKEN: 'nonsense' } })
    expect(unknown).toMatchObject({ code: 4, stdout: '' })
  })

  test.each<[string, readonly string[], string]>([
    ['a command that is not there', ['keyz'], "unknown command 'keyz'"],
    ['an option that is not there', ['keys', 'list', '--nmae', 'x'], "unknown option '--nmae'"],
    ['an argument too many', ['keys', 'get', 'a', 'b'], 'too many arguments'],
    ['a missing argument', ['keys', 'get'], "missing required argument 'key'"],
    ['nothing to change', ['keys', 'update', 'key_0000000000000000'], 'There is nothing to change.'],
    ['an empty organization', ['keys', 'list', '--organization', ''], '--organization is empty.'],
    ['no item of a list', ['keys', 'list', '--limit', '0'], '--limit: Use a number from 1 on.'],
    ['a folder as a file', ['keys', 'import', '/', '--as', 'csv'], '/ cannot be read: it is a folder.'],
    ['a missing field', ['keys', 'create'], 'Missing: --name, --type.'],
    [
      'a wrong choice',
      ['keys', 'create', '--name', 'x', '--type', 'open'],
      '--type: Use public, secret, not "open".',
    ],
    ['a format that is not there', ['keys', 'list', '-o', 'xml'], 'Allowed choices are table, json, yaml'],
    ['a profile that is not there', ['keys', 'list', '--profile', 'work'], 'There is no profile "work".'],
    ['a server that is no URL', ['keys', 'list', '--server', 'console'], 'console: Invalid URL'],
    ['a key that is not there', ['keys', 'get', 'key_0000000000000000'], '(not_found)'],
    ['a server that is not there', ['keys', 'list', '--server', 'http://127.0.0.1:1'], '(network_error)'],
  ])('is 1 for %s', async (_, args, message) => {
    expect(await run(args)).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining(message) })
  })

  test('is 0 for help', async () => {
    expect(await run(['keys', 'create', '--help'])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('--expires-at <time>'),
      stderr: '',
    })
  })
})

test('a change is followed until every gateway has it, and told to none with --no-wait', async () => {
  const followed = await run(['environments', 'update', 'test', '--when-stale', 'refuse', '--wait'])
  expect(followed).toMatchObject({
    code: 0,
    stderr: expect.stringMatching(/In force on the gateway after \d+ ms \(revision \d+\)\.\n$/),
  })
  const { code, stderr } = await run(['environments', 'update', 'test', '--when-stale', 'serve', '--no-wait'])
  expect([code, stderr]).toEqual([0, expect.stringMatching(/revision \d+/)])
  const wrong = await run(['environments', 'update', '--wait', 'test', '--when-stale', 'serve'])
  expect(wrong).toMatchObject({ code: 1, stderr: expect.stringContaining('missing required argument') })
})

test('a gateway decides about credentials that are read from standard input', async () => {
  const made = await run(['keys', 'create', '--name', 'verified', '--type', 'secret'])
  const verified = await run(['verify', 'token', '-o', 'json'], { input: made.stdout })
  expect(JSON.parse(verified.stdout)).toMatchObject({
    valid: true,
    key: { id: /^key_\w+/.exec(made.stderr)?.[0] },
  })
  const basic = await run(['verify', 'basic', '--environment', 'test', '--quiet'], {
    input: 'nobody:wrong\n',
  })
  expect(basic).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\w+\n$/) })
  const jwt = await run(['verify', 'jwt', '--environment', 'test', '--quiet'], { input: 'a.b.c\n' })
  expect(jwt).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\w+\n$/) })
})

test('a link that was asked for instead of a token is printed alone', async () => {
  const secret = ['keys', 'create', '--type', 'secret', '--name', 'handed']
  const made = await run([...secret, '--hand-over', '{ expiresInHours: 1 }'])
  expect(made).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^http:\S+#\S+\n$/),
    stderr: expect.stringMatching(/^key_\w+: this link is shown only once\.\n$/),
  })
})

test('standard input may be longer than what a pipe holds', async () => {
  const body = `name: from-a-pipe\nenvironment: test\n# ${'-'.repeat(2_000_000)}\n`
  const created = await run(['consumers', 'create', '--file', '-'], { input: body })
  expect(created).toMatchObject({ code: 0, stdout: expect.stringMatching(/^sp_sk_\w+\n$/) })
})

test('a result that cannot be written fails, unless its reader has left', async () => {
  const list = ['keys', 'list', '-o', 'json']
  const full = await run(list, { outputFile: '/dev/full' })
  expect(full).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^The result could not be written: .*ENOSPC/),
  })
})

describe('on a terminal', () => {
  test('tables fit, and in a pipe nothing is cut', async () => {
    const name = 'A key with a name that is longer than the terminal is wide, as names sometimes are'
    await run(['keys', 'create', '--name', name, '--type', 'public'])
    const shown = await run(['keys', 'list', '--search', 'longer'], { columns: 80 })
    expect(shown.code).toBe(0)
    const lines = shown.stdout.trimEnd().split('\r\n')
    expect(lines).toHaveLength(2)
    expect(lines.filter((line) => line.length > 80)).toEqual([])
    expect(lines[1]).toMatch(/^key_\w{16} {2}A key/)
    expect((await run(['keys', 'list', '--search', 'longer'])).stdout).toContain(name)
  })

  test.each([
    ['Ctrl-C', '\u0003'],
    ['Ctrl-D', '\u0004'],
  ])('%s ends a question, and nothing is sent', async (_, key) => {
    const ended = await run(['secrets', 'set', 'ENDED', '--environment', 'test'], {
      columns: 80,
      typed: { question: 'Value: ', text: key },
    })
    expect(ended.code).toBe(130)
    expect(ended.stdout).toMatch(/^Value: \r\n/)
    expect(await run(['secrets', 'get', 'ENDED', '--environment', 'test'])).toMatchObject({ code: 1 })
  })

  test('a secret that is typed is not shown', async () => {
    const secret = 'a-secret-that-is-typed'
    const typed = await run(['secrets', 'set', 'TYPED', '--environment', 'test'], {
      columns: 80,
      typed: { question: 'Value: ', text: secret },
    })
    expect(typed.code).toBe(0)
    expect(typed.stdout).not.toContain(secret)
  })
})

test('shells are told what can follow', async () => {
  const script = await run(['completion', 'bash'])
  expect(script).toMatchObject({ code: 0, stderr: '' })
  const checked = spawnSync('bash', ['-n'], { input: script.stdout, encoding: 'utf8' })
  expect([checked.status, checked.stderr]).toEqual([0, ''])
  const following = async (...words: readonly string[]): Promise<readonly string[]> => {
    const { stdout } = await run(['complete', '--', ...words])
    // The last line says how the shell takes the others.
    return stdout.trimEnd().split('\n').slice(0, -1)
  }
  expect(await following('keys', 'cr')).toEqual(['create\tCreate a key'])
  expect(await following('keys', 'create', '--type', '')).toEqual(['public\t', 'secret\t'])
  expect(await following('keys', 'list', '--output', 'j')).toEqual(['json\t'])
})

test('the version is that of the package', async () => {
  const { version } = JSON.parse(await readFile(join(ROOT, 'packages', 'cli', 'package.json'), 'utf8'))
  expect(await run(['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' })
})

describe('a profile', () => {
  test('keeps a server and a token, for its owner alone', async () => {
    const apart = { HOME: join(home, 'apart') }
    const visitor = { environment: { ...apart, SALLYPORT_URL: '', SALLYPORT_TOKEN: '' } }
    const loggedIn = await run(['login', '--server', server.controlUrl], {
      ...visitor,
      input: `${ownerToken}\n`,
    })
    expect(loggedIn).toMatchObject({ code: 0, stdout: '', stderr: expect.stringContaining('of acme') })
    const file = join(apart.HOME, '.config', 'sallyport', 'profiles.json')
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    expect((await run(['whoami', '-o', 'json'], visitor)).stdout).toContain('"organization": "acme"')

    expect(await run(['logout'], visitor)).toMatchObject({ code: 0, stdout: '' })
    expect(await readFile(file, 'utf8')).not.toContain(ownerToken)
    expect(await run(['whoami'], visitor)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('Which server?'),
    })
  })

  test('a token that does not work is not kept', async () => {
    const apart = { environment: { HOME: join(home, 'wrong') }, input: 'nonsense\n' }
    expect((await run(['login'], apart)).code).toBe(4)
    await expect(stat(join(home, 'wrong', '.config', 'sallyport', 'profiles.json'))).rejects.toThrow('ENOENT')
  })

  test('its token is sent to no other server', async () => {
    const apart = { HOME: join(home, 'other') }
    await run(['login'], { environment: apart, input: `${ownerToken}\n` })
    const received: (string | undefined)[] = []
    await using other = await startUpstream((request, response) => {
      received.push(request.headers.authorization)
      response.writeHead(401).end()
    })
    await run(['whoami', '--server', other.url], { environment: { ...apart, SALLYPORT_TOKEN: '' } })
    expect(received).toEqual([])
  })
})
