import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readdir } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { temporaryFolder } from './support/server-process.ts'
import { SERVER_PROGRAM } from './support/server-program.ts'
import { eventually } from './support/eventually.ts'

interface PrintedCommand {
  readonly title: string
  readonly command: string
}

/** The printed commands, each with the title of the comment line above it. */
function printedCommands(output: string): PrintedCommand[] {
  return [...output.matchAll(/^# (.*)\n(curl .*)$/gm)].map(([, title = '', command = '']) => ({
    title,
    command,
  }))
}

test('the commands that the demo prints have the announced results', async () => {
  // Settings that would keep a server from starting, and a mistyped one.
  const ignored = { SALLYPORT_DATA: '/dev/null/x', SALLYPORT_GATEWAY_PROT: '1', SALLYPORT_PORT: 'http' }
  const child = spawn(process.execPath, [SERVER_PROGRAM, 'demo'], {
    env: { ...process.env, ...ignored },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  let errors = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text))
  const ended = once(child, 'exit')
  try {
    await eventually(() => {
      expect(child.exitCode, output + errors).toBeNull()
      expect(output).toContain('Press Ctrl-C')
    })
    expect(output.split('\n')[0]).toBe(
      `The demo has its own settings and ignores ${Object.keys(ignored).join(', ')}. npm start uses them.`,
    )
    const answers = printedCommands(output).map(({ title, command }) => {
      const { stdout } = spawnSync('bash', ['-c', command], { encoding: 'utf8' })
      return { title, status: Number(/^HTTP\/1\.1 (\d{3})/.exec(stdout)?.[1]), stdout }
    })
    expect(answers.map(({ title, status }) => [title.split(':')[0], status])).toEqual([
      ['Call with an API key', 200],
      ['Call without a key', 401],
      ['Deploy a pipeline that violates the policy', 422],
      ['Roll the key', 200],
      ['Call with the old secret', 200],
      ['Delete the key', 200],
      ['Call with the deleted key', 401],
      ['Call with a key of the organization "partner", which has a role here', 200],
      ['Switch the key of the partner off here', 200],
      ['Call with the key of the partner', 403],
      ['Sign in as Olivia, who owns the organization', 200],
      ['Invite a person in her name', 201],
      ['Ask how the calls above ended', 200],
    ])
    const texts = answers.map(({ stdout }) => stdout)
    expect(texts[0]).toContain('"calledBy":"mobile-app"')
    expect(texts[1]).toContain('credential_missing')
    expect(texts[2]).toContain('authentication.apiKey')
    expect(texts[3]).toMatch(/"token":"sp_sk_/)
    expect(texts[5]).toMatch(/"confirmed":true/)
    expect(texts[6]).toContain('key_deleted')
    expect(texts[8]).toContain('"reason":"switched_off_here"')
    expect(texts[9]).toContain('pipeline_not_allowed')
    expect(texts[10]).toContain('olivia@example.com')
    expect(texts[11]).toContain('/invitation#')
    // The gateway reports what it has counted each second.
    const usage = printedCommands(output).at(-1)?.command ?? ''
    await expect
      .poll(() => spawnSync('bash', ['-c', usage], { encoding: 'utf8' }).stdout)
      .toMatch(/"group":"credential_missing".*"group":"key_deleted".*"group":"valid"/)
  } finally {
    child.kill('SIGINT')
    await ended
  }
  expect(child.exitCode).toBe(0)
})

test('a demo whose output is not read goes on, and deletes its data in the end', async () => {
  await using folder = await temporaryFolder()
  const child = spawn(process.execPath, [SERVER_PROGRAM, 'demo'], {
    env: { ...process.env, TMPDIR: folder.path, SALLYPORT_LOG_LEVEL: 'info' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = once(child, 'exit')
  let errors = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text))
  // Its first line, about the ignored setting; the others come later.
  await once(child.stdout, 'data')
  child.stdout.destroy()
  child.kill('SIGTERM')
  expect([await ended, errors]).toEqual([[0, null], ''])
  expect(await readdir(folder.path)).toEqual([])
})
