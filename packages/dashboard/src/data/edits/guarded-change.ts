import { type CallOptions, etagOf } from '@sallyport/sdk'
import { type FetchQueryOptions, type QueryKey, useMutation, useQueryClient } from '@tanstack/react-query'
import { readAgain } from '../change.ts'
import { hasCode, isNotFound } from '../failures.ts'
import { Overtaken, type Thing } from './overtaken.ts'

/*
 * Changes that must not undo those of others. A form or a question keeps what it began with, and sends its ETag with the
 * change (RFC 9110 section 13.1.1), so that what was read in the background since does not count as seen.
 *
 * What needs no ETag: switches, which say the state that they lead to, so that the last one holds; associations and
 * acceptances of one partner, each of which is a change of its own; and what can only end, such as a deployment, an
 * invitation, a link, an import or a session.
 */

/** How often a change is sent again because others change members that it does not concern. */
const TURNS_MAX = 5

interface GuardedChange<Shown extends object, Input, Output, Key extends QueryKey> {
  readonly thing: Thing
  /** Reads it as it is now. */
  readonly query: (input: Input) => FetchQueryOptions<Shown, Error, Shown, Key>
  /**
   * The members that the change concerns, where a page has several forms for one resource. Others may change meanwhile: only
   * these are sent, so they undo nothing. All of them unless given.
   */
  readonly members?: readonly (keyof Shown)[]
  /** The kinds of what the pages show that are read again afterwards, such as `roles`. */
  readonly kinds: readonly string[]
  /** @param options are passed on to the call of the SDK */
  readonly change: (input: Input, options: CallOptions) => Promise<Output>
}

/** What a form sends, with what it began with. */
export type AsSeen<Shown extends object, Input> = Input & {
  /** What the client answered or the cache has, not a copy of it; null for what is not there and is made. */
  readonly seen: Shown | null
}

/**
 * A change of what the person has seen. It is over when what the pages show of it is read again, so that the next form
 * begins with its result.
 *
 * Fails with `Overtaken` if it is not as it was seen.
 */
export function useGuardedChange<Shown extends object, Input, Output, Key extends QueryKey>(
  organization: string,
  { thing, query, members, kinds, change }: GuardedChange<Shown, Input, Output, Key>,
) {
  const queries = useQueryClient()
  const readNow = async (input: Input): Promise<Shown | null> => {
    try {
      return await queries.fetchQuery({ ...query(input), staleTime: 0 })
    } catch (error) {
      if (isNotFound(error)) return null
      throw error
    }
  }
  return useMutation({
    mutationFn: async (input: AsSeen<Shown, Input>): Promise<Output> => {
      let { seen } = input
      for (let turn = 1; ; turn += 1) {
        try {
          return await change(input, preconditionOf(seen))
        } catch (error) {
          if (!hasCode(error, 'precondition_failed')) throw error
          const now = await readNow(input)
          const isConcerned = members === undefined || !areSame(members, input.seen, now)
          if (isConcerned || turn === TURNS_MAX) throw new Overtaken(thing, input.seen, now)
          seen = now
        }
      }
    },
    onSettled: async (_output, error) => {
      if (error === null || error instanceof Overtaken) await readAgain(queries, organization, kinds)
    },
  })
}

function areSame<Shown extends object>(
  members: readonly (keyof Shown)[],
  one: Shown | null,
  other: Shown | null,
): boolean {
  return members.every((name) => JSON.stringify(one?.[name]) === JSON.stringify(other?.[name]))
}

function preconditionOf(seen: object | null): CallOptions {
  if (seen === null) return { ifNoneMatch: '*' }
  const ifMatch = etagOf(seen)
  // To send the change without one could undo that of another person.
  if (ifMatch === undefined) throw new TypeError('What is changed was not read alone, so it has no ETag.')
  return { ifMatch }
}
