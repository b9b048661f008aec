import { QUOTA_LIMITS_DEFAULT } from '@sallyport/core'
import { expect } from 'vitest'
import { ImportRunner, type ImportRunnerDeps } from '../../app/imports/import-runner.ts'
import { ACME, bearer, textOf, type AcmeWorld } from './control-world.ts'

export const IMPORTS = `${ACME}/imports`
export const CSV = { 'content-type': 'text/csv' }
export const NDJSON = { 'content-type': 'application/x-ndjson' }

/** Works imports off as the server does, on the clock of the world. */
export function runner(
  { store, clock }: AcmeWorld,
  {
    keys = QUOTA_LIMITS_DEFAULT.keys,
    afterWrite = () => undefined,
    quotaLimits = () => ({ ...QUOTA_LIMITS_DEFAULT, keys }),
    onFault = (cause: unknown) => {
      throw cause
    },
  }: Partial<Pick<ImportRunnerDeps, 'quotaLimits' | 'onFault'>> & {
    keys?: number
    afterWrite?: () => void
  } = {},
): ImportRunner {
  return new ImportRunner({
    store: {
      unfinishedImports: async (limit) => await store.unfinishedImports(limit),
      async write(work, scope) {
        const committed = await store.write(work, scope)
        afterWrite()
        return committed
      },
    },
    nowMs: () => clock.nowMs,
    monotonicMs: () => clock.nowMs,
    quotaLimits,
    onFault,
  })
}

export type Line = Readonly<Record<string, unknown>>

export function ndjson(lines: readonly Line[]): string {
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('')
}

/** A token that was issued elsewhere. */
export function token(number: number): string {
  return `lgcy/4fT0Qm2ZrX9bLk7A-${number}`
}

/** Lines of a file with so many tokens. */
export function tokens(count: number, more: Line = {}): readonly Line[] {
  return Array.from({ length: count }, (_, index) => ({ name: `k${index}`, token: token(index), ...more }))
}

/** A key of `acme` with these roles. */
export async function keyWith(world: AcmeWorld, roles: readonly string[], more: object = {}) {
  const body = { name: 'importer', type: 'secret', roles, ...more }
  const made = await world.own('POST', `${ACME}/keys`, body)
  expect(made.status).toBe(201)
  return { id: textOf(made.body['key']?.['id']), headers: bearer(made.body['token']) }
}
