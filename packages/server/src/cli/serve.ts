import { randomBytes } from 'node:crypto'
import { flushCompileCache } from 'node:module'
import { startServer } from '../composition/server.ts'
import { readConfig } from '../config/read-config.ts'
import { createLogger, openLog } from '../telemetry/logger.ts'
import { print } from './output.ts'
import { endAtOnce, forceEndAfter, onTermination, SHUTDOWN_MS_MAX } from './termination.ts'

/** The rest of the shutdown time is for the last usage flush and for closing the store. */
const REQUESTS_MS_MAX = SHUTDOWN_MS_MAX - 1500

/**
 * Runs the server until a termination signal. Such a signal during the start-up work ends the process at once.
 *
 * @throws ConfigError that lists every invalid setting; StartError that names what keeps the server from starting
 */
export async function serve(): Promise<void> {
  const config = readConfig()
  const logDestination = openLog()
  const logger = createLogger(config.logLevel, logDestination)
  const setupToken = config.setupToken ?? randomBytes(24).toString('base64url')
  const ending = Promise.withResolvers<NodeJS.Signals>()
  const endEarly = endAtOnce()
  const server = await startServer({
    config,
    logger,
    logDestination,
    setupToken,
    drainMs: REQUESTS_MS_MAX,
    beforeListening: () => {
      onTermination((signal) => {
        // Also if the rest of the start takes long.
        forceEndAfter(SHUTDOWN_MS_MAX)
        ending.resolve(signal)
      })
      endEarly[Symbol.dispose]()
    },
  })
  // The next start is faster, also if this process is killed.
  flushCompileCache()
  print(`control plane  ${server.controlUrl}`)
  print(`gateway        ${server.gatewayUrl}`)
  print(`API reference  ${server.controlUrl}/docs`)
  if (!server.isSetUp) printSetupInstructions(server.controlUrl, config.setupToken, setupToken)
  const signal = await ending.promise
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
