import { parseArgs } from 'node:util'
import { parseTitle, type Title } from '@sallyport/core'
import { openOffline, OfflineError } from '../composition/offline-store.ts'
import { readConfig } from '../config/read-config.ts'
import { tokenDigest } from '../crypto/digest.ts'
import { newEnrolmentToken } from '../fleet/stream/credentials.ts'
import { FLEET_ROLES, type FleetRole } from '../store/port/fleet/enrolments.ts'
import { print, printError } from './output.ts'
import { UsageError } from './usage-error.ts'

const HOUR_MS = 60 * 60 * 1000
const HOURS_DEFAULT = 1
const HOURS_MAX = 24 * 30
const USES_MAX = 10_000
const USAGE =
  'Usage: npm run -s admin -- enrol NAME [--role gateway|relay|gate] [--uses COUNT] [--expires-in-hours HOURS]'

interface Arguments {
  readonly name: Title
  readonly role: FleetRole
  readonly uses: number
  readonly hours: number
}

/**
 * Makes a token with which gateways enrol, and prints it, alone, on standard output. It needs the settings of a control node,
 * not the node.
 *
 * @throws UsageError, ConfigError, OfflineError
 */
export async function enrolCommand(args: readonly string[]): Promise<void> {
  const { name, role, uses, hours } = parseArguments(args)
  const nowMs = Date.now
  await using offline = await openOffline(readConfig(undefined, 'control'), nowMs)
  const token = newEnrolmentToken(offline.sealer.fleetKeys.publicKey)
  const expiresAtMs = nowMs() + hours * HOUR_MS
  const { enrolments } = offline.store
  await enrolments.prune(nowMs())
  await enrolments.addToken({
    digest: tokenDigest(token),
    name,
    role,
    usesLeft: uses,
    createdAtMs: nowMs(),
    expiresAtMs,
  })
  print(token)
  const times = uses === 1 ? `One ${role}` : `${uses} ${role}s`
  printError(
    `${times} can enrol with this token as "${name}" until ${new Date(expiresAtMs).toISOString()}. It is shown only this once. ` +
      (role === 'gate'
        ? 'Give it to connectGate as enrolmentToken.'
        : `Set SALLYPORT_ENROLMENT_TOKEN to it, and SALLYPORT_CONTROL_URL, and start: npm start -- --role ${role}`),
  )
}

/**
 * Removes an enrolled gateway, so that it gets no stream any more.
 *
 * @throws UsageError, ConfigError, OfflineError
 */
export async function removeGatewayCommand(args: readonly string[]): Promise<void> {
  const [id, ...more] = args
  if (id === undefined || more.length > 0 || !id.startsWith('gw_'))
    throw new UsageError(
      'Usage: npm run -s admin -- remove-gateway ID\n\nGET /v1/organizations/{organization}/gateways lists the ids.',
    )
  await using offline = await openOffline(readConfig(undefined, 'control'), Date.now)
  if (!(await offline.store.enrolments.remove(id, Date.now())))
    throw new OfflineError(
      `There is no enrolled gateway ${JSON.stringify(id)}. GET /v1/organizations/{organization}/gateways lists the ids.`,
    )
  printError(
    `The gateway ${id} is removed. Its stream ends within a minute. Then it learns that it was removed, and refuses all calls; while it reaches no control node, it still serves environments with whenStale "serve".`,
  )
}

/** @throws UsageError */
function parseArguments(args: readonly string[]): Arguments {
  const { values, positionals } = parsed(args)
  const [given, ...more] = positionals
  if (given === undefined || more.length > 0)
    throw new UsageError(`Name the gateways, such as "edge Frankfurt".\n${USAGE}`)
  const name = parseTitle(given)
  if (!name.ok) throw new UsageError(`NAME: ${name.problem}\n${USAGE}`)
  return {
    name: name.value,
    role: roleOf(values.role),
    uses: numberOf('--uses', values.uses, 1, USES_MAX),
    hours: numberOf('--expires-in-hours', values['expires-in-hours'], HOURS_DEFAULT, HOURS_MAX),
  }
}

function roleOf(text: string | undefined): FleetRole {
  if (text === undefined) return 'gateway'
  const known = FLEET_ROLES.find((role) => role === text)
  if (known === undefined) throw new UsageError(`--role: Use ${FLEET_ROLES.join(', ')}.\n${USAGE}`)
  return known
}

function numberOf(name: string, text: string | undefined, fallback: number, max: number): number {
  if (text === undefined) return fallback
  if (!/^\d{1,6}$/.test(text) || Number(text) < 1 || Number(text) > max)
    throw new UsageError(`${name}: Use a whole number from 1 to ${max}.\n${USAGE}`)
  return Number(text)
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { role: { type: 'string' }, uses: { type: 'string' }, 'expires-in-hours': { type: 'string' } },
    })
  } catch (error) {
    // What follows the first sentence explains how Node.js reads arguments.
    const [what = ''] = (error as Error).message.split(/\.\s/)
    throw new UsageError(`${what}.\n${USAGE}`, { cause: error })
  }
}
