import { pino, type DestinationStream, type Logger } from 'pino'
import type { LogLevel } from '../config/config.ts'
import { REDACTED, redactTokens } from './redact-tokens.ts'

/**
 * Members that are redacted in every log record, at the top level and one level below. Our own code never logs them;
 * this protects against libraries and future changes.
 */
const SECRET_MEMBERS: readonly string[] = [
  'authorization',
  'proxy-authorization',
  'apikey',
  'apiKey',
  'x-api-key',
  'x-api-appkey',
  'x-api-apptoken',
  'x-access-token',
  'cookie',
  'set-cookie',
  'token',
  'setupToken',
  'password',
  'secret',
  'masterKey',
  'body',
  'rawBody',
  'headers',
  'rawPacket',
]

const CAUSES_MAX = 5
const TEXT_CHARS_MAX = 4000

/** The logged form of an error: type, message, stack and causes, without its other members. */
function loggedError(error: unknown, depth = 0): unknown {
  if (!(error instanceof Error)) return { message: String(error).slice(0, TEXT_CHARS_MAX) }
  const code: unknown = 'code' in error ? error.code : undefined
  return {
    type: error.name,
    ...(typeof code === 'string' ? { code } : {}),
    message: error.message.slice(0, TEXT_CHARS_MAX),
    stack: error.stack?.slice(0, TEXT_CHARS_MAX),
    ...(error.cause === undefined || depth >= CAUSES_MAX
      ? {}
      : { cause: loggedError(error.cause, depth + 1) }),
  }
}

/** Lines that wait for a slow reader are kept up to this size; further ones are dropped. */
const WAITING_BYTES_MAX = 16 * 1024 * 1024

/** Standard error, because standard output belongs to the command line. */
export function openLog(): DestinationStream {
  return pino.destination({ dest: 2, sync: false, maxLength: WAITING_BYTES_MAX })
}

/** Creates a logger that writes one line of JSON for each record and redacts secrets. */
export function createLogger(level: LogLevel, destination: DestinationStream): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: {
        paths: SECRET_MEMBERS.flatMap((name) => [`["${name}"]`, `*["${name}"]`]),
        censor: REDACTED,
      },
      serializers: { err: (error: unknown) => loggedError(error) },
      hooks: { streamWrite: redactTokens },
    },
    destination,
  )
}
