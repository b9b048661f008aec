import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startServer } from '../composition/server.ts'
import { readConfig } from '../config/read-config.ts'
import { createLogger } from '../telemetry/logger.ts'
import { demoCommands } from './demo-commands.ts'
import { startDemoUpstream } from './demo-upstream.ts'
import { makeDemoWorld } from './demo-world.ts'
import { say } from './output.ts'
import { forceEndAfter, SHUTDOWN_MS_MAX, terminationSignal } from './termination.ts'

const CONTROL_PORT = 8080
const GATEWAY_PORT = 8081

/** Starts everything in a throw-away folder, makes a small world, and prints commands to try until it is told to end. */
export async function demo(): Promise<void> {
  const ending = terminationSignal()
  await using stack = new AsyncDisposableStack()
  const folder = await mkdtemp(join(tmpdir(), 'sallyport-demo-'))
  stack.defer(async () => {
    await rm(folder, { recursive: true, force: true })
  })
  const upstream = stack.use(await startDemoUpstream())
  const setupToken = randomBytes(24).toString('base64url')
  const config = readConfig({
    SALLYPORT_DATA: folder,
    SALLYPORT_PORT: String(await portOrAny(CONTROL_PORT)),
    SALLYPORT_GATEWAY_PORT: String(await portOrAny(GATEWAY_PORT)),
    SALLYPORT_UPSTREAM_ALLOW: '127.0.0.1',
    SALLYPORT_LOG_LEVEL: 'warn',
  })
  const logger = createLogger(config.logLevel)
  const server = stack.use(await startServer({ config, logger, setupToken, drainMs: 1000 }))
  const world = await makeDemoWorld(server.controlUrl, setupToken, upstream.url)

  say('Sallyport is running in a throw-away folder, with an upstream of its own.')
  say(`control plane  ${server.controlUrl}   (its reference: ${server.controlUrl}/docs)`)
  say(`gateway        ${server.gatewayUrl}`)
  say('')
  say(
    'Organization acme: test takes anything, prod demands API keys. The pipeline orders is deployed in both;',
  )
  say(
    'reports asks its callers for nothing, so only test has it. The consumer mobile-app may call orders in prod.',
  )
  say('Paste these into another terminal, one by one:')
  for (const { title, command } of demoCommands(server.controlUrl, server.gatewayUrl, world)) {
    say(`\n# ${title}\n${command}`)
  }
  say('\nCtrl-C ends it, and everything is gone.')
  await ending
  forceEndAfter(SHUTDOWN_MS_MAX)
}

/** The port where nobody listens on it yet, else 0 for any free one. */
async function portOrAny(port: number): Promise<number> {
  return await new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', () => {
      resolve(0)
    })
    probe.listen(port, '127.0.0.1', () => {
      probe.close(() => {
        resolve(port)
      })
    })
  })
}
