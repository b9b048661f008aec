import { type KeyId, LEAK_URL_CHARS_MAX, LEAKS_PER_KEY_KEPT, type LeakSource, Problem } from '@sallyport/core'
import type { LeakRow } from '../../store/port/keys/leaks.ts'
import type { KeyRow } from '../../store/port/keys.ts'
import type { Writer } from '../../store/port/store.ts'
import type { OperationContext } from '../access/context.ts'
import { requireOwnerLeft } from '../access/last-owner.ts'
import { auditedKey, auditEntry } from '../audit/audit-entry.ts'
import type { LookUpContext } from '../keys/lookup-key.ts'
import { newId } from '../new-id.ts'
import { isLive } from './is-live.ts'
import { leakNotices, notifyOfLeak, type LeakNotices } from './leak-notices.ts'

/** A text that was found in public and looks like a token. */
export interface Finding {
  readonly token: string
  /** Where it was found, without the token; empty if unknown. */
  readonly url: string
}

export interface ReportLeaksInput {
  readonly source: LeakSource
  readonly findings: readonly Finding[]
}

/** The secret that a finding is. */
interface FoundSecret {
  readonly organization: string
  readonly key: KeyId
  readonly sequence: number
  readonly url: string
}

/**
 * Records which findings are secrets of keys, tells the owners, and switches the keys off where their organization chose
 * that. A place is recorded once for each key: a repeated report changes nothing. Texts that are no secret of a key are
 * ignored, and so are public keys, which may be published. No token is kept.
 *
 * @returns for each finding, in their order, whether it is the secret of a secret key, live or not
 */
export async function reportLeaks(
  context: LookUpContext,
  { source, findings }: ReportLeaksInput,
): Promise<readonly boolean[]> {
  const found = await Promise.all(findings.map(async (finding) => await findSecret(context, finding)))
  const secrets = found.filter((one) => one !== null)
  if (secrets.length > 0) {
    const { value } = await context.store.write(async (tx) => {
      const told: (LeakNotices | undefined)[] = []
      for (const secret of secrets) told.push(await record(tx, context, source, secret))
      return told
    })
    for (const one of value) notifyOfLeak(context, one)
  }
  return found.map((one) => one !== null)
}

async function findSecret(
  { findToken }: LookUpContext,
  { token, url }: Finding,
): Promise<FoundSecret | null> {
  const found = await findToken(token)
  if (found === null || found.isPublic) return null
  const place = url.slice(0, LEAK_URL_CHARS_MAX)
  return { organization: found.organization, key: found.key, sequence: found.sequence, url: place }
}

/** @returns what to tell the owners; undefined if they know that the secret was found */
async function record(
  tx: Writer,
  context: OperationContext,
  source: LeakSource,
  { organization, key: id, sequence, url }: FoundSecret,
): Promise<LeakNotices | undefined> {
  const key = await tx.keys.get(organization, id)
  const owner = await tx.organizations.get(organization)
  if (key === undefined || owner === undefined) return undefined
  const known = (await tx.leaks.ofKey(organization, id)).filter((one) => one.secretSequence === sequence)
  const live = isLive(key, sequence, context.nowMs())
  const mustEnd = live && owner.onLeak === 'switch-off'
  // An unknown place can be another one than the last time.
  const isKnown = known.some((one) => one.url === url) && !(url === '' && mustEnd)
  if (isKnown) return undefined
  const after = mustEnd ? await switchOff(tx, context, key) : key
  const leak: LeakRow = {
    organization,
    id: newId('lea', context.randomBytes),
    key: id,
    environment: key.environment,
    secretSequence: sequence,
    source,
    url,
    live,
    switchedOff: after !== key,
    createdAtMs: context.nowMs(),
  }
  await tx.leaks.insert(leak, LEAKS_PER_KEY_KEPT)
  const { switchedOff } = leak
  tx.audit(
    auditEntry(context, organization, 'keys.leak', `key/${id}`, {
      after: { ...auditedKey(after), leak: { id: leak.id, source, url, live, switchedOff } },
    }),
  )
  // One mail for each secret: everybody who finds it can publish it at further places.
  if (known.some((one) => one.live)) return undefined
  return await leakNotices(tx, context, { organization: owner, key, leak })
}

/** Switches a key off, unless nothing would own its organization then. @returns the key afterwards */
async function switchOff(tx: Writer, context: OperationContext, before: KeyRow): Promise<KeyRow> {
  const after: KeyRow = { ...before, active: false }
  await tx.keys.update(after)
  try {
    await requireOwnerLeft(context, tx, before, after)
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== 'conflict') throw error
    await tx.keys.update(before)
    return before
  }
  tx.audit(
    auditEntry(context, before.organization, 'keys.update', `key/${before.id}`, {
      before: auditedKey(before),
      after: auditedKey(after),
    }),
  )
  return after
}
