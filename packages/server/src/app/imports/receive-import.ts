import type { ImportLine, ImportRow, ReceivedLine } from '../../store/port/keys/imports.ts'
import type { Writer } from '../../store/port/store.ts'
import type { OperationContext } from '../access/context.ts'
import { permissionMissing, requireMembership } from '../access/permission-checks.ts'
import { auditEntry } from '../audit/audit-entry.ts'
import { newId } from '../new-id.ts'
import { conflict } from '../refusals.ts'
import { chunksOf } from './chunks.ts'
import { IMPORTS_PER_ORGANIZATION_MAX, STORED_LINES } from './import-bounds.ts'

/** An import whose whole file is stored, and which does not run yet. */
export interface ReceivedImport {
  readonly organization: string
  readonly import: string
  readonly lineCount: number
}

export interface ReceiveImportInput {
  readonly organization: string
  readonly lines: AsyncIterable<ReceivedLine>
  readonly followUp: OperationContext
}

/**
 * Stores the lines of a file as they arrive, in several transactions. The import counts as under way from its first line,
 * because its lines take memory. If the file is refused or breaks off, nothing of it stays.
 *
 * @param lines without any token
 * @param followUp a context that works also after the end of the actor's rights, to remove what was stored
 * @throws Problem `permission_missing`, `conflict` if too many imports are under way or this one was stopped, and whatever
 *   `lines` throws
 */
export async function receiveImport(
  context: OperationContext,
  { organization, lines, followUp }: ReceiveImportInput,
): Promise<ReceivedImport> {
  requireMembership(context, organization)
  requireSomeCreation(context, organization)
  let id: string | undefined
  let flushes = 0
  let lineCount = 0
  let waiting: ImportLine[] = []
  const flush = async (): Promise<string> => {
    const stored = (id ??= await begin(context, organization))
    const chunks = chunksOf(waiting, flushes)
    await context.store.write(async (tx) => {
      await receiving(tx, organization, stored)
      await tx.imports.addChunks(organization, stored, chunks)
    })
    flushes += 1
    waiting = []
    return stored
  }
  try {
    for await (const line of lines) {
      id ??= await begin(context, organization)
      waiting.push(withId(context, line))
      lineCount += 1
      if (waiting.length === STORED_LINES) await flush()
    }
    return { organization, import: await flush(), lineCount }
  } catch (error) {
    if (id !== undefined) await forgetImport(followUp, { organization, import: id })
    throw error
  }
}

function withId({ importedKeyId }: OperationContext, line: ReceivedLine): ImportLine {
  return 'digest' in line ? { ...line, id: importedKeyId(Buffer.from(line.digest, 'hex')) } : line
}

/** @returns the id of the new import */
async function begin(context: OperationContext, organization: string): Promise<string> {
  const { actor } = context
  const id = newId('imp', context.randomBytes)
  await context.store.write(async (tx) => {
    requireSomeCreation(context, organization)
    if ((await tx.imports.countUnderWay(organization)) >= IMPORTS_PER_ORGANIZATION_MAX) {
      throw conflict(
        `An organization has at most ${IMPORTS_PER_ORGANIZATION_MAX} imports under way. Wait until one is done, or stop one.`,
      )
    }
    await tx.imports.insert({
      organization,
      id,
      state: 'receiving',
      createdAtMs: context.nowMs(),
      createdBy: actor.id,
      confirmedAtMs: actor.kind === 'member' ? (actor.confirmedAtMs ?? 0) : null,
      credentialEndsAtMs: actor.bounds?.expiresAtMs ?? null,
      lineCount: null,
      read: 0,
      made: 0,
      problemCount: 0,
      problems: [],
      endedAtMs: null,
    })
  })
  return id
}

/** Requires that the actor may create keys somewhere in the organization. Each line is checked for its own place later. */
function requireSomeCreation(context: OperationContext, organization: string): void {
  const grants = context.actor.grantsIn(organization) ?? []
  if (grants.some(({ permission }) => permission === 'keys.create')) return
  throw permissionMissing(context, 'keys.create', organization)
}

async function receiving(tx: Writer, organization: string, id: string): Promise<ImportRow> {
  const row = await tx.imports.get(organization, id)
  if (row?.state === 'receiving') return row
  throw conflict('The import was stopped before its file had arrived. Send the file again if you need it.')
}

/** Starts to make the keys of an import. */
export async function startImport(
  context: OperationContext,
  { organization, import: id, lineCount }: ReceivedImport,
): Promise<ImportRow> {
  requireMembership(context, organization)
  const { value } = await context.store.write(async (tx) => {
    requireSomeCreation(context, organization)
    const row = await receiving(tx, organization, id)
    const after: ImportRow =
      lineCount === 0
        ? { ...row, lineCount, state: 'done', endedAtMs: context.nowMs() }
        : { ...row, lineCount, state: 'running' }
    await tx.imports.update(after)
    tx.audit(
      auditEntry(context, organization, 'imports.start', `import/${id}`, {
        after: { id, state: after.state, lineCount },
      }),
    )
    return after
  })
  return value
}

/** Removes an import that does not run yet, with its lines. @param context that works also for an actor who was removed */
export async function forgetImport(
  { store: { write } }: OperationContext,
  { organization, import: id }: Pick<ReceivedImport, 'organization' | 'import'>,
): Promise<void> {
  for (let isLeft = true; isLeft;) {
    const { value } = await write(async (tx) => {
      const row = await tx.imports.get(organization, id)
      if (row?.state !== 'receiving') return false
      if (await tx.imports.removeSomeChunks(organization, id)) return true
      await tx.imports.remove(organization, id)
      return false
    })
    isLeft = value
  }
}
