import type { AuditEvent } from '@sallyport/sdk'
import { audit } from '../../texts/audit.ts'

/** The member `name` of a state of the log, if it has one. */
function textOf(state: unknown, name: string): string | undefined {
  if (typeof state !== 'object' || state === null || !(name in state)) return undefined
  const value = (state as Readonly<Record<string, unknown>>)[name]
  return typeof value === 'string' ? value : undefined
}

/** The two parts of a target, such as `key` and `key_4fT0Qm2ZrX9bLk7A`. */
export function targetParts(target: string): { readonly kind: string; readonly id: string } {
  const slash = target.indexOf('/')
  return { kind: target.slice(0, slash), id: target.slice(slash + 1) }
}

/** What an event is about, as people call it: the name of a key, or the pipeline of a deployment. */
export function subjectOf({
  target,
  before,
  after,
}: Pick<AuditEvent, 'target' | 'before' | 'after'>): string {
  for (const state of [after, before]) {
    const name = textOf(state, 'name') ?? textOf(state, 'pipeline')
    if (name !== undefined) return name
  }
  return targetParts(target).id
}

/** What was done to it, such as "key created"; the action itself if it has no words. */
export function deedOf({ action, after }: Pick<AuditEvent, 'action' | 'after'>): string {
  const dot = action.indexOf('.')
  const resource = action.slice(0, dot)
  const verb = action.slice(dot + 1)
  if (action === 'pipelines.deploy') {
    return audit.deployed(textOf(after, 'version') ?? '', textOf(after, 'environment') ?? '')
  }
  const noun = new Map<string, string>(Object.entries(audit.nouns)).get(resource)
  const done = new Map<string, string>(Object.entries(audit.verbs)).get(verb)
  return noun === undefined || done === undefined ? action : `${noun} ${done}`
}

/** The reason of a refused change; undefined for a change that was made. */
export function refusalOf({ action, after }: Pick<AuditEvent, 'action' | 'after'>): string | undefined {
  return action.endsWith('.refused') ? (textOf(after, 'code') ?? action) : undefined
}
