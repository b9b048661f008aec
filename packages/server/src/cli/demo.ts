import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startServer } from '../composition/server.ts'
import { readConfig } from '../config/read-config.ts'
import { settingVariables } from '../config/setting-variables.ts'
import { createLogger, openLog } from '../telemetry/logger.ts'
import { demoCommands } from './demo-commands.ts'
import { startDemoUpstream } from './demo-upstream.ts'
import { createDemoData } from './demo-data.ts'
import { print } from './output.ts'
import { forceEndAfter, onTermination, SHUTDOWN_MS_MAX } from './termination.ts'

const CONTROL_PORT = 8080
const GATEWAY_PORT = 8081

/** Runs the server with sample data in a temporary folder and prints commands to try, until a termination signal. */
export async function demo(): Promise<void> {
  const ending = Promise.withResolvers<NodeJS.Signals>()
  onTermination(ending.resolve)
  const ignored = settingVariables()
  if (ignored.length > 0)
    print(`The demo has its own settings and ignores ${ignored.join(', ')}. npm start uses them.\n`)
  await using stack = new AsyncDisposableStack()
  const folder = await mkdtemp(join(tmpdir(), 'sallyport-demo-'))
  stack.defer(async () => {
    await rm(folder, { recursive: true, force: true })
  })
  const upstream = stack.use(await startDemoUpstream())
  const setupToken = randomBytes(24).toString('base64url')
  const config = readConfig({
    SALLYPORT_DATA: folder,
    SALLYPORT_PORT: String(await portIfFree(CONTROL_PORT)),
    SALLYPORT_GATEWAY_PORT: String(await portIfFree(GATEWAY_PORT)),
    SALLYPORT_UPSTREAM_ALLOW: '127.0.0.1',
    SALLYPORT_LOG_LEVEL: 'warn',
  })
  const logDestination = openLog()
  const logger = createLogger(config.logLevel, logDestination)
  const server = stack.use(
    await startServer({ config, role: 'all', logger, logDestination, setupToken, drainMs: 1000 }),
  )
  const gatewayUrl = server.gatewayUrl ?? ''
  const data = await createDemoData(server.controlUrl, setupToken, upstream.url)

  print('Sallyport demo: control plane, gateway and a sample upstream, with all data in a temporary folder.')
  print('')
  print(`control plane  ${server.controlUrl}   (API reference: ${server.controlUrl}/docs)`)
  print(`gateway        ${gatewayUrl}`)
  print('')
  print(`To look around, open ${server.controlUrl} in a browser and sign in:`)
  print(`  e-mail address  ${data.person.email}`)
  print(`  password        ${data.person.password}`)
  print('')
  print(
    'The organization "acme" has two environments: "test" has no access policy, "prod" requires API keys.',
  )
  print(
    'The pipeline "orders" is deployed in both. The pipeline "reports" asks for no API key, so it is only in "test".',
  )
  print(
    'The consumer "mobile-app" may call "orders" in "prod", and so may a key of the organization "partner".',
  )
  print('')
  const cookieFile = join(folder, 'cookies')
  const commands = demoCommands(server.controlUrl, gatewayUrl, data, cookieFile)
  print('Paste these commands into another terminal, in this order:')
  for (const { title, command } of commands) {
    print(`\n# ${title}\n${command}`)
  }
  print('\nPress Ctrl-C to stop the demo and delete its data.')
  await ending.promise
  forceEndAfter(SHUTDOWN_MS_MAX)
}

/** The given port if it is free, otherwise 0, which selects any free port. */
async function portIfFree(port: number): Promise<number> {
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
