import { userInfo } from 'node:os'
import type { Config } from '../config/config.ts'
import type { SettingProblem } from '../config/config-error.ts'
import { withoutPassword } from '../config/database-url.ts'
import { systemCode, systemReason } from './system-errors.ts'

/** Explains why the database could not be opened. The message names the database, but never its password. */
export function databaseProblem(error: unknown, { databaseUrl }: Config, file: string): SettingProblem {
  const causes = causesOf(error)
  if (databaseUrl === null) return { variable: 'SALLYPORT_DATA', message: sqliteMessage(causes, file) }
  const shown = withoutPassword(databaseUrl)
  const at = shown === null ? '' : ` The database is ${shown}.`
  return { variable: 'SALLYPORT_DATABASE_URL', message: `${postgresMessage(causes, databaseUrl)}${at}` }
}

/** An error and those that it names as its causes, the last of which is the driver's or the system's. */
function causesOf(error: unknown): readonly Error[] {
  if (!(error instanceof Error)) return [new Error(String(error))]
  return error.cause === undefined ? [error] : [error, ...causesOf(error.cause)]
}

/** By the primary result code (https://www.sqlite.org/rescode.html). */
const SQLITE_MESSAGES: Readonly<Record<number, (file: string, reason: string) => string>> = {
  1: (file, reason) =>
    `${file} has tables of another program (${reason}). Move the file away, or set another folder.`,
  5: (file) => `Another process uses ${file}. Stop it, or set another folder.`,
  6: (file) => `Another process uses ${file}. Stop it, or set another folder.`,
  8: (file) =>
    `${file} cannot be written: it is read-only. Give this user access to the file and its folder.`,
  10: (file, reason) => `The disk failed while ${file} was opened (${reason}). Check the disk.`,
  11: (file, reason) => `${file} is damaged (${reason}). Restore it from a backup.`,
  13: (file) => `The disk with ${file} is full. Free some space.`,
  14: (file) => `${file} cannot be opened. Give this user access to the file and its folder.`,
  26: (file) =>
    `${file} is not a SQLite database. Restore it from a backup, or move it away to start with an empty one.`,
}

function sqliteMessage(causes: readonly Error[], file: string): string {
  for (const cause of causes) {
    if ('errcode' in cause && typeof cause.errcode === 'number') {
      const message = SQLITE_MESSAGES[cause.errcode & 0xff]
      return message === undefined
        ? `${file} cannot be opened: ${cause.message}.`
        : message(file, cause.message)
    }
    if ('syscall' in cause)
      return `${file} cannot be opened: ${systemReason(cause)}. Give this user access to it.`
  }
  return `${file} cannot be used. ${causes.at(-1)?.message ?? ''}`
}

/** What the URL of a PostgreSQL database says, with the driver's defaults. */
interface Target {
  readonly server: string
  readonly user: string
  readonly database: string
}

const NO_ANSWER = ({ server }: Target): string =>
  `PostgreSQL at ${server} did not respond in time. Check that it runs, and that no firewall is in between.`
const UNREACHABLE = ({ server }: Target): string =>
  `PostgreSQL at ${server} cannot be reached over the network. Correct host and port, or check the network.`
const UNRESOLVED = ({ server }: Target): string =>
  `The host name in ${server} has no address. Correct it, or check the name service.`
const CLOSED = ({ server }: Target): string =>
  `The server at ${server} closed the connection. Check that it is PostgreSQL, and read its log.`
const CERTIFICATE = ({ server }: Target, reason: string): string =>
  `The certificate of ${server} is not trusted (${reason}). Correct it, or set sslrootcert in the URL.`
const STANDBY = ({ server }: Target): string =>
  `PostgreSQL at ${server} is a read-only standby. Use the primary server.`
const LOCKED = ({ database }: Target): string =>
  `Another process keeps the database "${database}" locked. Try again, or end that process.`

/** By SQLSTATE (https://www.postgresql.org/docs/current/errcodes-appendix.html) or the system's code. */
const POSTGRES_MESSAGES: Readonly<Record<string, (target: Target, reason: string) => string>> = {
  ECONNREFUSED: ({ server }) =>
    `No PostgreSQL accepts connections at ${server} (ECONNREFUSED). Start it, or correct host and port.`,
  ENOTFOUND: UNRESOLVED,
  EAI_AGAIN: UNRESOLVED,
  ETIMEDOUT: NO_ANSWER,
  EHOSTUNREACH: UNREACHABLE,
  ENETUNREACH: UNREACHABLE,
  ECONNRESET: CLOSED,
  EPIPE: CLOSED,
  DEPTH_ZERO_SELF_SIGNED_CERT: CERTIFICATE,
  SELF_SIGNED_CERT_IN_CHAIN: CERTIFICATE,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: CERTIFICATE,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: CERTIFICATE,
  ERR_TLS_CERT_ALTNAME_INVALID: CERTIFICATE,
  CERT_HAS_EXPIRED: CERTIFICATE,
  '28P01': ({ server, user }) =>
    `PostgreSQL at ${server} refuses the password of user "${user}". Correct it.`,
  '28000': ({ server, user }, reason) =>
    `PostgreSQL at ${server} refuses user "${user}": ${reason}. Correct the user, or allow it in pg_hba.conf.`,
  '3D000': ({ server, database }) =>
    `PostgreSQL at ${server} has no database "${database}". Create it (createdb ${database}), or correct the name.`,
  '42501': ({ user, database }, reason) =>
    `User "${user}" lacks a permission in the database "${database}" (${reason}). ` +
    `Make it the owner: ALTER DATABASE ${database} OWNER TO ${user}`,
  '25006': STANDBY,
  '0A000': STANDBY,
  '53100': ({ server }) => `The disk of PostgreSQL at ${server} is full. Free some space.`,
  '53300': ({ server }, reason) =>
    `PostgreSQL at ${server} has no connection left (${reason}). Raise that limit, or end other clients.`,
  '55P03': LOCKED,
  '57014': LOCKED,
  '57P03': ({ server }) => `PostgreSQL at ${server} starts or stops. Try again in a moment.`,
  '42703': foreignTables,
  '42P01': foreignTables,
  '42P07': foreignTables,
}

function foreignTables({ database }: Target, reason: string): string {
  return `The database "${database}" has tables of another program (${reason}). Use an empty database.`
}

/** Errors of the driver that have no code. */
const DRIVER_MESSAGES: readonly (readonly [RegExp, (target: Target, reason: string) => string])[] = [
  [/timeout/i, NO_ANSWER],
  [
    /does not support SSL/,
    ({ server }) => `PostgreSQL at ${server} has no TLS. Remove sslmode from the URL.`,
  ],
  [
    /password must be/i,
    ({ server, user }) =>
      `PostgreSQL at ${server} asks for the password of user "${user}", and the URL has none. Add it.`,
  ],
  [/terminated|unexpected/i, CLOSED],
]

function postgresMessage(causes: readonly Error[], url: string): string {
  const target = targetOf(url)
  for (const cause of causes) {
    const code = systemCode(cause)
    const found =
      POSTGRES_MESSAGES[code] ?? DRIVER_MESSAGES.find(([pattern]) => pattern.test(cause.message))?.[1]
    if (found !== undefined) return found(target, cause.message)
    if ('path' in cause && typeof cause.path === 'string') {
      return `The file ${cause.path}, which the URL names, cannot be read: ${systemReason(cause)}. Correct the URL.`
    }
  }
  return `The database cannot be used. ${causes.at(-1)?.message.replace(/[.]?$/, '.') ?? ''}`
}

function targetOf(text: string): Target {
  const url = new URL(text)
  const parameter = (name: string): string | null => url.searchParams.get(name)
  const host = parameter('host') ?? (url.hostname === '' ? 'localhost' : url.hostname)
  const port = parameter('port') ?? (url.port === '' ? '5432' : url.port)
  const user = parameter('user') ?? decoded(url.username)
  const name = user === '' ? userInfo().username : user
  const database = decoded(url.pathname.slice(1))
  return {
    server: host.startsWith('/') ? host : `${host}:${port}`,
    user: name,
    database: database === '' ? name : database,
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
