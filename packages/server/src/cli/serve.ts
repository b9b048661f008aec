import { randomBytes } from 'node:crypto'
import { flushCompileCache } from 'node:module'
import { startGatewayProcess } from '../composition/gateway-process.ts'
import { startRelayProcess } from '../composition/relay-process.ts'
import { startServer } from '../composition/server.ts'
import type { Config } from '../config/config.ts'
import { requireRoleSettings, type DatabaseRole } from '../config/role-settings.ts'
import { readConfig } from '../config/read-config.ts'
import { createLogger, openLog } from '../telemetry/logger.ts'
import { print } from './output.ts'
import { roleOf } from './role-argument.ts'
import { endAtOnce, forceEndAfter, onTermination, SHUTDOWN_MS_MAX } from './termination.ts'

/** The rest of the shutdown time is for the last usage flush and for closing the store. */
const REQUESTS_MS_MAX = SHUTDOWN_MS_MAX - 1500

/**
 * Runs a server until a termination signal. `--role` says which of its parts; both unless given.
 *
 * @throws UsageError, ConfigError, StartError; see `serveWithDatabase`
 */
export async function serve(args: readonly string[]): Promise<void> {
  const role = roleOf(args)
  const config = readConfig(undefined, role)
  requireRoleSettings(role, config)
  if (role === 'gateway') await serveGateway(config)
  else if (role === 'relay') await serveRelay(config)
  else await serveWithDatabase(role, config)
}

/**
 * Runs a gateway without a database until a termination signal.
 *
 * @throws StartError that names what keeps it from starting
 */
async function serveGateway(config: Config): Promise<void> {
  const logDestination = openLog()
  const logger = createLogger(config.logLevel, logDestination)
  const { ending, beforeListening } = untilTermination()
  const gateway = await startGatewayProcess({
    config,
    logger,
    logDestination,
    drainMs: REQUESTS_MS_MAX,
    beforeListening,
  })
  flushCompileCache()
  print(`gateway        ${gateway.gatewayUrl}`)
  logger.info({ signal: await ending }, 'shutting down: waiting for requests in progress')
  await gateway[Symbol.asyncDispose]()
}

/**
 * Runs a relay until a termination signal.
 *
 * @throws StartError that names what keeps it from starting
 */
async function serveRelay(config: Config): Promise<void> {
  const logger = createLogger(config.logLevel, openLog())
  const { ending, beforeListening } = untilTermination()
  const relay = await startRelayProcess({ config, logger, drainMs: REQUESTS_MS_MAX, beforeListening })
  print(`relay          ${relay.relayUrl}`)
  logger.info({ signal: await ending }, 'shutting down')
  await relay[Symbol.asyncDispose]()
}

/** A termination signal ends the process at once, until the start-up work is done. */
function untilTermination(): {
  readonly ending: Promise<NodeJS.Signals>
  readonly beforeListening: () => void
} {
  const ending = Promise.withResolvers<NodeJS.Signals>()
  const endEarly = endAtOnce()
  return {
    ending: ending.promise,
    beforeListening() {
      onTermination((signal) => {
        // Also if the rest of the start takes long.
        forceEndAfter(SHUTDOWN_MS_MAX)
        ending.resolve(signal)
      })
      endEarly[Symbol.dispose]()
    },
  }
}

/**
 * Runs the server until a termination signal. Such a signal during the start-up work ends the process at once.
 *
 * @throws StartError that names what keeps the server from starting
 */
async function serveWithDatabase(role: DatabaseRole, config: Config): Promise<void> {
  const logDestination = openLog()
  const logger = createLogger(config.logLevel, logDestination)
  const setupToken = config.setupToken ?? randomBytes(24).toString('base64url')
  const { ending, beforeListening } = untilTermination()
  const server = await startServer({
    config,
    role,
    logger,
    logDestination,
    setupToken,
    drainMs: REQUESTS_MS_MAX,
    beforeListening,
  })
  // The next start is faster, also if this process is killed.
  flushCompileCache()
  print(`control plane  ${server.controlUrl}`)
  if (server.gatewayUrl !== null) print(`gateway        ${server.gatewayUrl}`)
  print(`API reference  ${server.controlUrl}/docs`)
  if (!server.isSetUp) printSetupInstructions(server.controlUrl, config.setupToken, setupToken)
  const signal = await ending
  logger.info({ signal }, 'shutting down: waiting for requests in progress')
  await server[Symbol.asyncDispose]()
}

/** @param configuredToken the value of SALLYPORT_SETUP_TOKEN, which is not printed */
function printSetupInstructions(
  controlUrl: string,
  configuredToken: string | null,
  setupToken: string,
): void {
  if (configuredToken === null) {
    print(`set-up token   ${setupToken}   (valid for one use, until the server stops)`)
  } else {
    print('set-up token   the value of SALLYPORT_SETUP_TOKEN')
  }
  print(
    `\nThere is no organization yet. To create one, open ${controlUrl} in a browser, or send the set-up token to POST ${controlUrl}/v1/setup.`,
  )
}
