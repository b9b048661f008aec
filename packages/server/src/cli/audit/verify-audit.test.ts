import { spawnSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ACME, openAcme, textOf } from '../../control/testing/control-world.ts'

const MAIN = join(import.meta.dirname, 'verify-audit.ts')

function run(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...args], { encoding: 'utf8' })
  return { status, stdout, stderr }
}

test('an export of a server is verified without the server, and its exit code says how it is', async () => {
  await using stack = new AsyncDisposableStack()
  const folder = await mkdtemp(join(tmpdir(), 'sallyport-audit-'))
  stack.defer(async () => await rm(folder, { recursive: true }))
  const path = (name: string): string => join(folder, name)
  {
    await using world = await openAcme()
    await world.own('POST', `${ACME}/keys`, { name: 'CI', type: 'secret' })
    const headers = { ...world.owner, accept: 'application/x-ndjson' }
    const whole = await world.app.inject({ method: 'GET', url: `${ACME}/audit-events`, headers })
    const part = await world.app.inject({ method: 'GET', url: `${ACME}/audit-events?action=keys.*`, headers })
    await writeFile(path('whole.ndjson'), whole.payload)
    await writeFile(path('part.ndjson'), part.payload)
    const list = await world.app.inject({ method: 'GET', url: `${ACME}/audit-events`, headers: world.owner })
    await writeFile(path('list.json'), list.payload)
    await writeFile(path('altered.ndjson'), whole.payload.replace('keys.create', 'keys.update'))
    const keys = await world.call('GET', '/v1/audit-keys')
    const key = keys.body['items']?.[0]
    await writeFile(path('key.pem'), textOf(key?.['publicKey']))
    await writeFile(path('fingerprint'), textOf(key?.['fingerprint']))
    const found = run('verify', path('whole.ndjson'))
    expect(found).toMatchObject({ status: 0, stderr: '' })
    expect(found.stdout).toContain('The audit log of acme is whole and unchanged: events 1 to ')
    expect(found.stdout).toContain(textOf(key?.['fingerprint']))
    expect(found.stdout).toContain('Compare the fingerprint')
  }
  const given = run('verify', path('whole.ndjson'), '--public-key', path('key.pem'))
  expect(given).toMatchObject({ status: 0, stderr: '' })
  expect(given.stdout).not.toContain('Compare the fingerprint')
  expect(run('verify', path('altered.ndjson'))).toMatchObject({
    status: 1,
    stdout: '',
    stderr: expect.stringMatching(/^Event \d+, after event \d+, was altered/) as string,
  })
  expect(run('verify', path('list.json'))).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('Accept: application/x-ndjson') as string,
  })
  expect(run('verify', path('part.ndjson'))).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('has a filter') as string,
  })
})

test.for([
  [[], /^Usage: /],
  [['verify'], /^Usage: /],
  [['verify', 'a', 'b'], /^Usage: /],
  [['check', 'a'], /^Usage: /],
  [['verify', '/nowhere/file'], /^There is no file \/nowhere\/file\.\n$/],
  [['verify', import.meta.filename], /no NDJSON export/],
  [['verify', import.meta.filename, '--public-key', import.meta.filename], /no Ed25519 public key/],
  [['verify', import.meta.filename, '--other'], /--other/],
] as const)('%j is an error of usage', ([args, text]) => {
  expect(run(...args)).toMatchObject({ status: 2, stdout: '', stderr: expect.stringMatching(text) as string })
})

test('--help shows the usage', () => {
  expect(run('--help')).toMatchObject({ status: 0, stdout: expect.stringMatching(/^Usage: /) as string })
})
