import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { freePort } from './services/free-port.ts'
import { eventually } from './support/eventually.ts'
import { enrolmentToken } from './support/fleet.ts'
import { SERVER_PROGRAM } from './support/server-program.ts'
import { startServerProcess, temporaryFolder, type ServerProcess } from './support/server-process.ts'

/* The first start of a gateway while no control node answers. */

const WAITING = 'no control node has given it one'
const UNREACHABLE = 'a control node cannot be reached'
const LOADED = 'the first snapshot is in force'

const stack = new AsyncDisposableStack()
let settings: Readonly<Record<string, string>>
let token: string

beforeAll(async () => {
  const folder = stack.use(await temporaryFolder())
  settings = {
    SALLYPORT_DATA: folder.path,
    SALLYPORT_GATEWAY_URL: 'http://gateways.test',
    SALLYPORT_PORT: String(await freePort()),
  }
  await using _ = await startControl()
  token = await enrolmentToken(settings, 2)
})
afterAll(async () => await stack.disposeAsync())

async function startControl(): Promise<ServerProcess> {
  return await startServerProcess(settings, 'control')
}

/** A gateway that may not listen yet. */
interface StartingGateway extends AsyncDisposable {
  readonly output: { readonly stdout: string; readonly stderr: string }
  /** Resolves to the exit code, or null if a signal ended the process, and the signal. */
  readonly ended: Promise<readonly [number | null, NodeJS.Signals | null]>
  kill(signal: NodeJS.Signals): void
}

async function startGateway(): Promise<StartingGateway> {
  const folder = await temporaryFolder()
  const child = spawn(process.execPath, [SERVER_PROGRAM, 'serve', '--role', 'gateway'], {
    env: {
      PATH: process.env['PATH'],
      NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'],
      SALLYPORT_DATA: folder.path,
      SALLYPORT_GATEWAY_PORT: '0',
      SALLYPORT_GATEWAY_THREADS: process.env['SALLYPORT_GATEWAY_THREADS'],
      SALLYPORT_CONTROL_URL: `http://127.0.0.1:${settings['SALLYPORT_PORT'] ?? ''}`,
      SALLYPORT_ENROLMENT_TOKEN: token,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const output = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const)
    child[name].setEncoding('utf8').on('data', (text: string) => (output[name] += text))
  const ended = once(child, 'exit') as Promise<unknown> as StartingGateway['ended']
  return {
    output,
    ended,
    kill: (signal) => void child.kill(signal),
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL')
      await ended
      await folder[Symbol.asyncDispose]()
    },
  }
}

/** The messages of a log that begin or contain one of these texts, in their order. */
function said({ output }: StartingGateway): readonly string[] {
  const lines = output.stderr.split('\n').filter((line) => line !== '')
  const messages = lines.map((line) => (JSON.parse(line) as { readonly msg: string }).msg)
  return messages.flatMap((text) => [WAITING, UNREACHABLE, LOADED].find((one) => text.includes(one)) ?? [])
}

test('waits, says so once, and listens as soon as a control node answers', async () => {
  await using gateway = await startGateway()
  await eventually(() => expect(said(gateway)).toEqual([UNREACHABLE, WAITING]))
  expect(gateway.output.stdout).not.toMatch(/^gateway/m)
  await using _ = await startControl()
  await eventually(() => expect(gateway.output.stdout).toMatch(/^gateway\s+\S+$/m))
  // Once each, however many attempts there were.
  expect(said(gateway)).toEqual([UNREACHABLE, WAITING, LOADED])
  gateway.kill('SIGTERM')
  expect(await gateway.ended).toEqual([0, null])
})

test.each(['SIGTERM', 'SIGINT'] as const)('ends at once on %s while it waits', async (signal) => {
  await using gateway = await startGateway()
  await eventually(() => expect(said(gateway)).toEqual([UNREACHABLE, WAITING]))
  gateway.kill(signal)
  // By the signal itself, as before anything was begun that must be ended in order.
  expect(await gateway.ended).toEqual([null, signal])
})
