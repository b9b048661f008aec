import { pino, type DestinationStream, type Logger } from 'pino'
import type { LogLevel } from '../config/config.ts'

/**
 * Members that are cut out of whatever is logged, at the top and one level down. Nothing of ours logs them; this is
 * the net for what a library or a later change might.
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

/** A token anywhere in a text: its id may be known, its secret may not. */
const TOKEN_IN_TEXT = /(sp_[sp]k_[0-9A-Za-z]{16})_[0-9A-Za-z]{1,38}/g
const REDACTED = '[redacted]'
const CAUSES_MAX = 5
const TEXT_CHARS_MAX = 4000

/** Replaces the secret of every token in a text. */
export function withoutTokens(text: string): string {
  return text.replace(TOKEN_IN_TEXT, `$1_${REDACTED}`)
}

/** An error as it is logged: its kind, text, stack and causes; none of its other members. */
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

/**
 * Makes a logger that writes one line of JSON a record and keeps secrets out of it.
 *
 * @param destination standard error unless given, since standard output is the command line's
 */
export function createLogger(level: LogLevel, destination?: DestinationStream): Logger {
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
      hooks: { streamWrite: withoutTokens },
    },
    destination ?? pino.destination({ dest: 2, sync: false }),
  )
}
