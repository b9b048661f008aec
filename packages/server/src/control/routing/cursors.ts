import { Problem } from '@sallyport/core'
import type { Sealer } from '../../crypto/seal.ts'

/** What a cursor belongs to. It continues only the list of the same actor, path and filter. */
export interface ListIdentity {
  readonly operationId: string
  readonly actor: string
  readonly parameters: unknown
  /** The query with its defaults, without `limit` and `cursor`. */
  readonly filter: unknown
}

/** Turns the positions of the store into cursors, which only this installation can make and read. */
export interface Cursors {
  /** The cursor of a position; null if no page follows. */
  seal(list: ListIdentity, position: string | null): string | null
  /** @throws Problem `invalid_request` for a cursor of another list, actor or filter, and for an altered one */
  open(list: ListIdentity, cursor: string | undefined): string | undefined
}

const BAD_CURSOR =
  'The cursor does not belong to this list. Pass `next` of the previous page unchanged, with the same filters and credential.'

export function createCursors(sealer: Sealer): Cursors {
  return {
    seal: (list, position) => (position === null ? null : sealer.seal(position, contextOf(list))),
    open(list, cursor) {
      if (cursor === undefined) return undefined
      try {
        requireExact(cursor)
        return sealer.unseal(cursor, contextOf(list))
      } catch (cause) {
        throw new Problem('invalid_request', {
          detail: BAD_CURSOR,
          extensions: { errors: [{ path: 'query/cursor', message: BAD_CURSOR }] },
          cause,
        })
      }
    },
  }
}

/** Requires the one text that encodes the sealed bytes: decoders of Base64 skip characters and ignore spare bits. */
function requireExact(cursor: string): void {
  const encoded = cursor.slice(cursor.indexOf('.') + 1)
  if (Buffer.from(encoded, 'base64url').toString('base64url') === encoded) return
  throw new Error('The cursor is not in canonical Base64.')
}

function contextOf({ operationId, actor, parameters, filter }: ListIdentity): string {
  return `cursor/${JSON.stringify([operationId, actor, sorted(parameters), sorted(filter)])}`
}

/** The members of an object, in the order of their names. */
function sorted(members: unknown): readonly (readonly [string, unknown])[] {
  return Object.entries(members ?? {}).toSorted(([left], [right]) => (left < right ? -1 : 1))
}
