import { randomBytes } from 'node:crypto'
import { startServer } from '../composition/server.ts'
import { readConfig } from '../config/read-config.ts'
import { createLogger } from '../telemetry/logger.ts'
import { say } from './output.ts'
import { forceEndAfter, SHUTDOWN_MS_MAX, terminationSignal } from './termination.ts'

/** Leaves a moment of the whole for what comes after the requests: the last usage flush, closing the store. */
const REQUESTS_MS_MAX = SHUTDOWN_MS_MAX - 2000

/**
 * Runs the server until it is told to end.
 *
 * @throws ConfigError naming every setting that is wrong
 */
export async function serve(): Promise<void> {
  const config = readConfig()
  const logger = createLogger(config.logLevel)
  const setupToken = config.setupToken ?? randomBytes(24).toString('base64url')
  const ending = terminationSignal()
  const server = await startServer({ config, logger, setupToken, drainMs: REQUESTS_MS_MAX })
  say(`control plane  ${server.controlUrl}`)
  say(`gateway        ${server.gatewayUrl}`)
  say(`reference      ${server.controlUrl}/docs`)
  if (!server.isSetUp) {
    say(
      config.setupToken === null
        ? `set-up token   ${setupToken}   (opens POST /v1/setup, until it was used or the server ends)`
        : 'set-up token   as in SALLYPORT_SETUP_TOKEN; POST /v1/setup makes the first organization',
    )
  }
  const signal = await ending
  logger.info({ signal }, 'ending: requests under way are finished')
  forceEndAfter(SHUTDOWN_MS_MAX)
  await server[Symbol.asyncDispose]()
}
