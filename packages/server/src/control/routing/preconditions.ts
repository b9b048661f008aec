import { type Grant, PERMISSIONS, Problem } from '@sallyport/core'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { OperationContext } from '../../app/access/context.ts'
import { conditionHeaders } from '../../contract/fields/conditions.ts'
import type { ControlApp } from './control-app.ts'
import {
  entityTagOf,
  type EntityTag,
  matches,
  matchesNone,
  parseTagList,
  type TagList,
} from './entity-tags.ts'

/** Reads a resource as GET answers with it, by the parameters in its path. */
export type ReadState = (context: OperationContext, parameters: unknown) => Promise<unknown>

interface Representation {
  readonly read: ReadState
  /** The names of members that change without a change of the resource. */
  readonly observed: ReadonlySet<string>
}

interface Conditions {
  readonly match: TagList | undefined
  readonly noneMatch: TagList | undefined
}

const ABSENT = 'It does not exist, or no longer. Leave out `If-Match` to create it.'
const PRESENT = 'It exists already. Leave out `If-None-Match` to replace it.'
/** The tag of what exists and the caller may not read. No caller can send it, because tags have no space. */
const UNSEEN: EntityTag = '"not seen"'
const EVERYTHING: readonly Grant[] = PERMISSIONS.map((permission) => ({ permission }))
const CONDITIONAL = ['if-match', 'if-none-match'] as const
const SAFE_METHODS: readonly string[] = ['GET', 'HEAD']

/**
 * The preconditions of requests (RFC 9110 section 13). A resource has a strong entity tag, made of what GET answers. A
 * change with `If-Match` or `If-None-Match` reads the resource in its own transaction first, so nothing comes between
 * the comparison and the change.
 */
export class Preconditions {
  readonly #representations = new Map<string, Representation>()

  /**
   * @param path of a route, whose other methods change the same resource
   * @param observed the names of members that change without a change of the resource, such as counters
   */
  add(path: string, read: ReadState, observed: readonly string[]): void {
    this.#representations.set(path, { read, observed: new Set(observed) })
  }

  /** The headers in the document of a route that changes what is at a path. */
  headersOf(path: string): { readonly headers?: typeof conditionHeaders } {
    return this.#representations.has(path) ? { headers: conditionHeaders } : {}
  }

  /** Refuses preconditions on what has no tag: to ignore them would be to lose the update that they prevent. */
  refuseUnknown(app: ControlApp): void {
    app.addHook('preHandler', async (request) => {
      const { method, headers } = request
      if (this.#of(request) !== undefined) return
      for (const name of CONDITIONAL) {
        if (headers[name] === undefined) continue
        // Everything is sent anew: that is always right.
        if (name === 'if-none-match' && SAFE_METHODS.includes(method)) continue
        throw invalidHeader(name, 'The answer of this operation has no ETag. Leave the header out.')
      }
    })
  }

  /**
   * Adds the tag to an answer of GET.
   *
   * @param state what GET answers
   * @returns whether the caller has the same already, so that the answer is 304 without a body
   * @throws Problem `precondition_failed`
   */
  answer(request: FastifyRequest, reply: FastifyReply, state: unknown): boolean {
    const { observed } = this.#of(request) ?? { observed: new Set() }
    const tag = entityTagOf(state, observed)
    const { match, noneMatch } = conditionsOf(request)
    void reply.header('etag', tag)
    if (match !== undefined && !matches(match, tag)) throw new Problem('precondition_failed')
    // A representation with counters may have changed although its tag has not.
    return noneMatch !== undefined && observed.size === 0 && !matchesNone(noneMatch, tag)
  }

  /** A context whose write transaction does what it does only if the preconditions of the request hold. */
  guarded(request: FastifyRequest, context: OperationContext): OperationContext {
    const representation = this.#of(request)
    if (representation === undefined || SAFE_METHODS.includes(request.method)) return context
    const { method, params } = request
    const conditions = conditionsOf(request)
    const { read, write } = context.store
    const writeIf: typeof write = async (work) =>
      await write(async (tx) => {
        const within = { ...context, store: { read: tx.read, write: refuseWrite } }
        const failure = await failureOf(conditions, method, {
          own: async () => await tagOf(representation, within, params),
          exists: async () => (await tagOf(representation, seeingAll(within), params)) !== undefined,
        })
        if (failure?.isSeen === true) throw failure.problem
        const value = await work(tx)
        // Whether the change is permitted was to be found out first.
        if (failure !== undefined) throw failure.problem
        if (method !== 'DELETE') request.entityTag = await tagOf(representation, within, params)
        return value
      })
    return { ...context, store: { read, write: writeIf } }
  }

  /** Sends the tag of what a change has left, so that the next change needs no GET. */
  sendTags(app: ControlApp): void {
    app.addHook('onSend', async ({ entityTag }, reply, payload) => {
      if (entityTag !== undefined && reply.statusCode < 300) void reply.header('etag', entityTag)
      return payload
    })
  }

  #of({ routeOptions }: FastifyRequest): Representation | undefined {
    return this.#representations.get(routeOptions.url ?? '')
  }
}

/** The conditions that a request names. @throws Problem `invalid_request` for malformed ones */
function conditionsOf({ headers }: FastifyRequest): Conditions {
  const [match, noneMatch] = CONDITIONAL.map((name) => {
    const value = headers[name]
    if (value === undefined) return undefined
    const list = parseTagList(value)
    if (list !== undefined) return list
    throw invalidHeader(name, 'Send an ETag as you got it, with its quotation marks, a list of them, or `*`.')
  })
  return { match, noneMatch }
}

/** @returns undefined for what does not exist, or is hidden from the caller */
async function tagOf(
  { read, observed }: Representation,
  context: OperationContext,
  parameters: unknown,
): Promise<EntityTag | undefined> {
  try {
    return entityTagOf(await read(context, parameters), observed)
  } catch (error) {
    const isHidden = error instanceof Problem && ['not_found', 'permission_missing'].includes(error.code)
    if (isHidden) return undefined
    throw error
  }
}

/** A resource before its change. */
interface Before {
  /** Its tag, if the caller may read it. */
  own(): Promise<EntityTag | undefined>
  exists(): Promise<boolean>
}

/** Why a change is not made. */
interface Failure {
  readonly problem: Problem
  /** Whether the caller may know it. */
  readonly isSeen: boolean
}

/** Which precondition does not hold; undefined if all do. */
async function failureOf(
  { match, noneMatch }: Conditions,
  method: string,
  before: Before,
): Promise<Failure | undefined> {
  if (match === undefined && noneMatch === undefined) return undefined
  const own = await before.own()
  const isSeen = own !== undefined
  const exists = isSeen || (await before.exists())
  const current = own ?? (exists ? UNSEEN : undefined)
  if (match !== undefined && !matches(match, current)) {
    // What does not exist is not found, however the change was meant; only PUT makes it.
    if (!exists && method !== 'PUT') return undefined
    return { problem: new Problem('precondition_failed', exists ? {} : { detail: ABSENT }), isSeen }
  }
  if (noneMatch !== undefined && !matchesNone(noneMatch, current))
    return {
      problem: new Problem('precondition_failed', noneMatch === '*' ? { detail: PRESENT } : {}),
      isSeen,
    }
  return undefined
}

/** The same context for a caller who may read everything. */
function seeingAll(context: OperationContext): OperationContext {
  const { id, kind, organizations, portal } = context.actor
  const actor = { id, kind, organizations, portal, grantsIn: () => EVERYTHING, rolesIn: () => [] }
  return { ...context, actor }
}

function refuseWrite(): never {
  throw new Error('a representation is read, not written')
}

function invalidHeader(name: string, message: string): Problem {
  return new Problem('invalid_request', { extensions: { errors: [{ path: `header/${name}`, message }] } })
}
