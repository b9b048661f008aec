import { createPublicKey, type KeyObject } from 'node:crypto'
import { hasOwnHash, FIRST_PREVIOUS_HASH } from '../../store/audit/audit-chain.ts'
import { isSignedBy, publicKeyFingerprint } from '../../store/audit/audit-checkpoint.ts'
import { isWholeExport } from '../../store/audit/audit-export-event.ts'
import type { AuditRow } from '../../store/port/audit-events.ts'
import type { AuditCheckpoint } from '../../store/port/audit/audit-signing.ts'
import { type FileLine, UnreadableLine } from './export-lines.ts'
import { type ExportLine, readLine } from './read-line.ts'

/** What a file turned out to be. */
export type Verdict =
  /** A whole log, unchanged up to its last checkpoint. */
  | {
      readonly kind: 'intact'
      readonly organization: string
      readonly events: number
      readonly checkpoints: number
      readonly signedAtMs: number
      readonly fingerprint: string
    }
  | { readonly kind: 'broken'; readonly reason: string }
  /** Nothing in it is wrong, but it cannot show that nothing is missing. */
  | { readonly kind: 'unverifiable'; readonly reason: string }

/** Of the exports that are verified. */
const MEDIA_TYPE = 'application/x-ndjson'

type End = Extract<ExportLine, { kind: 'checkpoint' }>

/**
 * Checks an NDJSON export of an audit log line by line.
 *
 * @param given the key that must have signed it; the key in the file unless given
 */
export async function verifyExport(lines: AsyncIterable<FileLine>, given?: KeyObject): Promise<Verdict> {
  const state = new ExportCheck(given)
  let number = 0
  try {
    for await (const line of lines) {
      number += 1
      const verdict = state.take(line, number)
      if (verdict !== undefined) return verdict
    }
  } catch (error) {
    if (!(error instanceof UnreadableLine)) throw error
    return broken(`Line ${number + 1} ${error.message}.`)
  }
  return state.finish()
}

const NO_EXPORT: Verdict = {
  kind: 'unverifiable',
  reason:
    'This is no NDJSON export of an audit log. Export the log with the header "Accept: application/x-ndjson".',
}

function broken(reason: string): Verdict {
  return { kind: 'broken', reason }
}

/** How the first line of an export begins: with an event, or with the checkpoint of an export without events. */
const BEGINNINGS = ['{"organization":', '{"checkpoint":']

/** Whether a first line can be that of an export, even of one that is cut off. */
function canBeginExport(text: string): boolean {
  return BEGINNINGS.some((beginning) => text.startsWith(beginning) || beginning.startsWith(text))
}

/** The state of a check between two lines. */
class ExportCheck {
  #key: KeyObject | undefined
  readonly #isGiven: boolean
  #last: AuditRow | undefined
  #events = 0
  #checkpoints = 0
  /** The event of the last checkpoint. */
  #signed = 0
  /** The first event that does not follow the one before it. A filtered export has such events. */
  #gap: string | undefined
  #end: End | undefined

  constructor(given: KeyObject | undefined) {
    this.#key = given
    this.#isGiven = given !== undefined
  }

  /** @returns the verdict, if nothing after the line can change it */
  take({ text, isComplete }: FileLine, number: number): Verdict | undefined {
    if (number === 1 && /^"?sequence"?,/.test(text)) {
      return {
        kind: 'unverifiable',
        reason: 'This is a CSV export, which has no checkpoint. Export the log as application/x-ndjson.',
      }
    }
    if (number === 1 && !canBeginExport(text)) return NO_EXPORT
    if (this.#end !== undefined) return broken(`Line ${number} was added after the last checkpoint.`)
    const line = isComplete ? readLine(text) : undefined
    if (!isComplete) return broken(`The file is cut off in line ${number}, after ${this.#reached()}.`)
    if (line === undefined) {
      return number === 1
        ? NO_EXPORT
        : broken(`Line ${number}, after ${this.#reached()}, is not as Sallyport writes it.`)
    }
    if (line.kind === 'event') return this.#takeEvent(line.row)
    return this.#takeCheckpoint(line)
  }

  /** The verdict after the last line. */
  finish(): Verdict {
    if (this.#end === undefined) {
      return broken(`The file is cut off after ${this.#reached()}: its last checkpoint is missing.`)
    }
    const { checkpoint, end } = this.#end
    const isWhole = end?.filter === null
    const fault = isWhole ? (this.#gap ?? this.#faultOf(checkpoint)) : undefined
    if (fault !== undefined) return broken(fault)
    if (end?.events !== this.#events) {
      return broken(`The export had ${end?.events ?? 0} events, and the file has ${this.#events}.`)
    }
    if (end.filter !== null) return this.#filtered(end.filter, checkpoint)
    // There are checkpoints of other events, and nothing signs which of them is the last line.
    if (this.#last === undefined || !isWholeExport(this.#last, MEDIA_TYPE)) {
      return broken(
        `The file is cut off after ${this.#reached()}, at an earlier checkpoint: a whole export ends with its own event.`,
      )
    }
    return {
      kind: 'intact',
      organization: checkpoint.organization,
      events: this.#events,
      checkpoints: this.#checkpoints,
      signedAtMs: checkpoint.atMs,
      fingerprint: this.#key === undefined ? '' : publicKeyFingerprint(this.#key),
    }
  }

  #filtered(filter: object, { sequence }: AuditCheckpoint): Verdict {
    if (this.#last !== undefined && this.#last.sequence > sequence) {
      return broken(`Event ${this.#last.sequence} is after the checkpoint of event ${sequence}.`)
    }
    return {
      kind: 'unverifiable',
      reason:
        `The export has a filter, ${JSON.stringify(filter)}, so it cannot show whether events are missing. ` +
        `The ${this.#events} events in it have their own hashes, and the checkpoint is genuine. Export the log without a filter.`,
    }
  }

  #takeEvent(row: AuditRow): Verdict | undefined {
    const { sequence, organization } = row
    if (!hasOwnHash(row)) {
      return broken(
        `Event ${sequence}, after ${this.#reached()}, was altered: its hash is not that of its content.`,
      )
    }
    if (this.#last !== undefined && organization !== this.#last.organization) {
      return broken(
        `Event ${sequence}, after ${this.#reached()}, belongs to another organization, ${organization}.`,
      )
    }
    const before = this.#last?.sequence ?? 0
    if (sequence <= before) {
      return broken(`Event ${sequence} was added or moved: it comes after event ${before}.`)
    }
    if (sequence > before + 1) this.#gap ??= missing(before + 1, sequence - 1)
    else if (row.previousHash !== (this.#last?.hash ?? FIRST_PREVIOUS_HASH)) {
      this.#gap ??=
        `Event ${sequence} does not follow the event before it: ` +
        `event ${before} or events before it were altered, together with their hashes.`
    }
    this.#last = row
    this.#events += 1
    return undefined
  }

  #takeCheckpoint(line: End): Verdict | undefined {
    const { checkpoint, publicKey, end } = line
    const { sequence } = checkpoint
    const own = readKey(publicKey)
    const key = this.#key ?? own
    if (own === undefined || key === undefined) {
      return broken(`The checkpoint of event ${sequence} has no Ed25519 key.`)
    }
    if (!own.equals(key)) {
      return broken(
        this.#isGiven
          ? `The checkpoint of event ${sequence} was not signed with the given key.`
          : `The checkpoint of event ${sequence} was signed with another key than those before it.`,
      )
    }
    this.#key = key
    if (!isSignedBy(checkpoint, key)) {
      return broken(`The checkpoint of event ${sequence} is forged: its signature is not valid.`)
    }
    if (sequence <= this.#signed) {
      return broken(`The checkpoint of event ${sequence} comes after that of event ${this.#signed}.`)
    }
    this.#signed = sequence
    this.#checkpoints += 1
    if (end !== undefined) {
      this.#end = line
      return undefined
    }
    const fault = this.#faultOf(checkpoint)
    return fault === undefined ? undefined : broken(this.#gap ?? fault)
  }

  /** What contradicts the checkpoint; undefined if the last event is the one that was signed. */
  #faultOf({ organization, sequence, hash }: AuditCheckpoint): string | undefined {
    const last = this.#last
    const reached = last?.sequence ?? 0
    if (last !== undefined && organization !== last.organization) {
      return `The checkpoint of event ${sequence} belongs to another organization, ${organization}.`
    }
    if (sequence > reached) return missing(reached + 1, sequence)
    if (sequence < reached) return missingCheckpoint(sequence, reached)
    if (hash === last?.hash) return undefined
    return `Event ${sequence} is not the one that the checkpoint signed: it, or an event before it, was altered.`
  }

  #reached(): string {
    return this.#last === undefined ? 'the beginning' : `event ${this.#last.sequence}`
  }
}

function missing(first: number, last: number): string {
  return first === last ? `Event ${first} is missing.` : `Events ${first} to ${last} are missing.`
}

function missingCheckpoint(sequence: number, reached: number): string {
  return `Events ${sequence + 1} to ${reached} were added after the checkpoint of event ${sequence}, or the checkpoint was moved.`
}

/** An Ed25519 public key of PEM, in its one spelling; undefined for anything else. */
export function readKey(pem: string): KeyObject | undefined {
  try {
    const key = createPublicKey(pem)
    const text = key.export({ type: 'spki', format: 'pem' })
    return key.asymmetricKeyType === 'ed25519' && text.trim() === pem.trim() ? key : undefined
  } catch {
    return undefined
  }
}
