import { randomBytes } from 'node:crypto'
import { parseArgs } from 'node:util'
import { parseSlug, parseTitle, type Slug, type Title } from '@sallyport/core'
import { OPERATOR_ACTOR } from '../app/access/actor.ts'
import { CheckpointSigner } from '../app/audit/checkpoint-signer.ts'
import { recoverOwner } from '../app/organizations/recover-owner.ts'
import { OfflineError, openOffline, type OfflineStore } from '../composition/offline-store.ts'
import { readConfig } from '../config/read-config.ts'
import { printError } from './output.ts'
import { UsageError } from './usage-error.ts'
import { redactTokens } from '../telemetry/redact-tokens.ts'

const NAME = 'Recovered owner'
const HOURS_MAX = 24 * 366
const HOUR_MS = 60 * 60 * 1000
const USAGE = 'Usage: npm run -s admin -- recover-owner ORGANIZATION [--name NAME] [--expires-in-hours HOURS]'

/** The exit code for an organization that does not exist. */
const NOT_FOUND = 3

interface Arguments {
  readonly organization: Slug
  readonly name: Title
  readonly expiresInHours: number | null
}

/**
 * Gives an organization a new owner key and prints its token, alone, on standard output. It needs the settings of the
 * server, not the server.
 *
 * @returns the exit code
 * @throws UsageError, ConfigError, OfflineError
 */
export async function recoverOwnerCommand(args: readonly string[]): Promise<number> {
  const { organization, name, expiresInHours } = parseArguments(args)
  const nowMs = Date.now
  await using offline = await openOffline(readConfig(undefined, 'control'), nowMs)
  const context = { store: offline.store, nowMs, randomBytes, actor: OPERATOR_ACTOR }
  const expiresAtMs = expiresInHours === null ? null : nowMs() + expiresInHours * HOUR_MS
  const made = await recoverOwner(context, { organization, name, expiresAtMs })
  if (made === null) {
    printError(`There is no organization "${organization}" in this database. ${await known(offline)}`)
    return NOT_FOUND
  }
  const { id } = made.key
  try {
    await printToken(made.token)
  } catch (error) {
    throw new OfflineError(
      `The owner key ${id} was created, but its token could not be printed, and it is stored nowhere. ` +
        `Delete that key, and run the command again with an open standard output.`,
      { cause: error },
    )
  }
  printError(
    `Created the owner key ${id} "${name}" of the organization "${organization}". Its token is shown only this once. ` +
      `The audit log names "${OPERATOR_ACTOR.id}" as the actor.`,
  )
  await signAudit(offline, nowMs, organization)
  return 0
}

/** @throws UsageError */
function parseArguments(args: readonly string[]): Arguments {
  const { values, positionals } = parsed(args)
  const [organization, ...more] = positionals
  if (organization === undefined || more.length > 0) {
    throw new UsageError(`Name one organization by its slug, such as acme.\n${USAGE}`)
  }
  const slug = parseSlug(organization)
  if (!slug.ok) {
    // A token that was pasted here must not stay in a terminal's history or a log of CI.
    const named = redactTokens(JSON.stringify(organization))
    throw new UsageError(`${named} is no slug. ${slug.problem}\n${USAGE}`)
  }
  const name = parseTitle(values.name ?? NAME)
  if (!name.ok) throw new UsageError(`--name: ${name.problem}\n${USAGE}`)
  const hours = values['expires-in-hours']
  if (hours !== undefined && (!/^\d{1,5}$/.test(hours) || Number(hours) < 1 || Number(hours) > HOURS_MAX)) {
    throw new UsageError(`--expires-in-hours: Use a whole number from 1 to ${HOURS_MAX}.\n${USAGE}`)
  }
  return {
    organization: slug.value,
    name: name.value,
    expiresInHours: hours === undefined ? null : Number(hours),
  }
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { name: { type: 'string' }, 'expires-in-hours': { type: 'string' } },
    })
  } catch (error) {
    // What follows the first sentence explains how Node.js reads arguments.
    const [what = ''] = (error as Error).message.split(/\.\s/)
    throw new UsageError(`${what}.\n${USAGE}`, { cause: error })
  }
}

/** The organizations that exist, for an operator who mistyped one. */
async function known({ store }: OfflineStore): Promise<string> {
  const { items, next } = await store.read.organizations.list({ limit: 20 })
  const names = items.map(({ slug }) => slug).join(', ')
  if (items.length === 0) return 'It has none: create the first one by set-up.'
  return `It has: ${names}${next === null ? '' : ', and more'}.`
}

/** Waits until the token is written: it exists nowhere else. */
async function printToken(token: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    process.stdout.write(`${token}\n`, (error) => {
      if (error === undefined || error === null) resolve()
      else reject(error)
    })
  })
}

/** Signs the audit log at once, so that the record cannot be cut off from it before the server signs it. */
async function signAudit(
  { store, sealer }: OfflineStore,
  nowMs: () => number,
  organization: Slug,
): Promise<void> {
  try {
    const head = await store.read.audit.head(organization)
    if (head !== undefined) await new CheckpointSigner({ store, sealer, nowMs }).sign(organization, head)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    printError(`The audit log is not signed yet: ${reason}. A running server signs it within the hour.`)
  }
}
