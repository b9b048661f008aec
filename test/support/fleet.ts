import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { startServerProcess, temporaryFolder, type ServerProcess } from './server-process.ts'
import type { FleetRole } from '../../packages/server/src/store/port/fleet/enrolments.ts'
import { SERVER_PROGRAM } from './server-program.ts'

/** Runs a command of the operator beside the servers. @returns what it has printed */
async function runAdmin(
  args: readonly string[],
  settings: Readonly<Record<string, string>>,
): Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }> {
  const child = spawn(process.execPath, [SERVER_PROGRAM, ...args], {
    env: { PATH: process.env['PATH'], NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'], ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)])
  if (child.exitCode === null) await once(child, 'exit')
  return { code: child.exitCode, stdout, stderr }
}

/** @param settings of a control node. @returns a token for as many processes */
export async function enrolmentToken(
  settings: Readonly<Record<string, string>>,
  uses = 1,
  role: FleetRole = 'gateway',
): Promise<string> {
  const args = ['enrol', 'edge', '--uses', String(uses), '--role', role]
  const { stdout, stderr } = await runAdmin(args, settings)
  if (!stdout.startsWith('spe_')) throw new Error(`no enrolment token: ${stderr}`)
  return stdout.trim()
}

/** Removes a gateway. @param settings of a control node */
export async function removeGateway(settings: Readonly<Record<string, string>>, id: string): Promise<void> {
  const { code, stderr } = await runAdmin(['remove-gateway', id], settings)
  if (code !== 0) throw new Error(`the gateway was not removed: ${stderr}`)
}

/** A gateway without a database, in a folder of its own. */
export interface FleetGateway extends AsyncDisposable {
  /** The process as it was started last. */
  readonly process: ServerProcess
  readonly url: string
  /** Starts it again, in the same folder and on the same port, after it has ended. */
  startAgain(more?: Readonly<Record<string, string>>, program?: string): Promise<void>
}

/** @param controlUrls separated by commas */
export async function startFleetGateway(
  controlUrls: string,
  token: string,
  more: Readonly<Record<string, string>> = {},
  program?: string,
): Promise<FleetGateway> {
  await using stack = new AsyncDisposableStack()
  const folder = stack.use(await temporaryFolder())
  const settings = { SALLYPORT_DATA: folder.path, SALLYPORT_CONTROL_URL: controlUrls, ...more }
  let server = await startServerProcess({ ...settings, SALLYPORT_ENROLMENT_TOKEN: token }, 'gateway', program)
  stack.defer(async () => await server[Symbol.asyncDispose]())
  const port = new URL(server.gatewayUrl).port
  const parts = stack.move()
  return {
    get process() {
      return server
    },
    url: server.gatewayUrl,
    async startAgain(again = {}, next = program) {
      server = await startServerProcess(
        { ...settings, SALLYPORT_GATEWAY_PORT: port, ...again },
        'gateway',
        next,
      )
    },
    [Symbol.asyncDispose]: async () => await parts.disposeAsync(),
  }
}
