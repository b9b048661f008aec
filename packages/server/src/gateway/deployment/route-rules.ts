import { patternsOf, type Trigger } from '@sallyport/core'
import { SharedSchemas } from '../../json-schema/compile-schema.ts'
import { CompiledRequestRules } from './request-rules.ts'

/** The rules of a trigger for the content of requests, by route and method. */
export class RouteRules {
  /** What holds where no route has rules of its own; null for nothing. */
  readonly #common: CompiledRequestRules | null
  /** By pattern and method; null if no route has rules of its own, and then neither is looked up. */
  readonly #own: ReadonlyMap<string, ReadonlyMap<string, CompiledRequestRules>> | null

  constructor(trigger: Trigger) {
    const shared = new SharedSchemas(trigger.schemas ?? {})
    const { request } = trigger
    this.#common = request === undefined ? null : new CompiledRequestRules(request, trigger, shared)
    this.#own = ownRules(trigger, shared)
  }

  /** Whether any request's body must be read before it can be decided whether the request is valid. */
  get describesBody(): boolean {
    const own = [...(this.#own?.values() ?? [])].flatMap((methods) => [...methods.values()])
    return [...own, this.#common].some((rules) => rules?.describesBody === true)
  }

  /**
   * What a request must contain; null for nothing. `HEAD` is answered as `GET`, so it has the rules of `GET` unless a route
   * has some for it.
   *
   * @param pattern the matching route pattern
   */
  of(pattern: string, method: string): CompiledRequestRules | null {
    if (this.#own === null) return this.#common
    const methods = this.#own.get(pattern)
    return methods?.get(method) ?? (method === 'HEAD' ? methods?.get('GET') : undefined) ?? this.#common
  }
}

function ownRules(
  trigger: Trigger,
  shared: SharedSchemas,
): ReadonlyMap<string, ReadonlyMap<string, CompiledRequestRules>> | null {
  const own = new Map<string, Map<string, CompiledRequestRules>>()
  for (const { path, methods, request } of trigger.writtenRoutes ?? []) {
    if (request === undefined) continue
    const rules = new CompiledRequestRules(request, trigger, shared)
    for (const pattern of patternsOf(path, trigger.trailingSlash)) {
      const byMethod = own.get(pattern) ?? new Map<string, CompiledRequestRules>()
      own.set(pattern, byMethod)
      for (const method of methods) byMethod.set(method, rules)
    }
  }
  return own.size === 0 ? null : own
}
